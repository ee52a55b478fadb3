using BlueGreen.Faults.Reports;
using BlueGreen.Faults.Running;
using BlueGreen.Faults.Stages;

namespace BlueGreen.EndToEnd.Tests.Faults;

public sealed class ManyDeploysTests
{
    [Fact(Timeout = 180_000)]
    public async Task Thirty_deploys_and_rollbacks_lose_nothing_and_leave_the_front_as_small_as_it_was()
    {
        await using var stage = await Stage.StartAsync(new StageOptions());
        var result = await new DeploysRun(stage, count: 20, warmUp: 10).RunAsync();
        Assert.True(result.IsGood, RunText.Of(result));
    }
}
