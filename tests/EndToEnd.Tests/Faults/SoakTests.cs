using BlueGreen.Faults.Reports;
using BlueGreen.Faults.Running;
using BlueGreen.Faults.Stages;

namespace BlueGreen.EndToEnd.Tests.Faults;

public sealed class SoakTests
{
    [Fact(Timeout = 180_000)]
    public async Task Twenty_seconds_of_random_faults_lose_nothing_that_could_be_kept()
    {
        var seed = Random.Shared.Next(1, 1_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using var stage = await Stage.StartAsync(new StageOptions());
        var result = await new SoakRun(stage, TimeSpan.FromSeconds(20), seed).RunAsync();
        Assert.True(result.IsGood, $"seed {seed}\n{RunText.Of(result)}\n{stage.FrontLog}");
    }
}
