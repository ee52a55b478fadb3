using BlueGreen.Faults.Jobs;
using BlueGreen.Faults.Reports;
using BlueGreen.Faults.Running;
using BlueGreen.Faults.Stages;

namespace BlueGreen.EndToEnd.Tests.Processes;

public sealed class OnceTests
{
    [Fact(Timeout = 240_000)]
    public Task A_cron_runs_once_at_a_time_through_deploys_rollbacks_failures_and_kills() => AssertOnceAsync(JobPlace.Cron);

    [Fact(Timeout = 240_000)]
    public Task Exactly_one_of_two_workers_leads_through_deploys_rollbacks_failures_and_kills() => AssertOnceAsync(JobPlace.Workers);

    private static async Task AssertOnceAsync(JobPlace job)
    {
        var seed = Random.Shared.Next(1, 1_000_000);
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"seed {seed}");
        await using var stage = await Stage.StartAsync(StageOptions.Once(job));
        var result = await new OnceRun(stage, count: 14, kills: 2, seed) { OnLine = output.WriteLine }.RunAsync();
        output.WriteLine(OnceText.Of(result));
        Assert.True(result.IsGood, $"seed {seed}\n{OnceText.Of(result)}\n{stage.FrontLog}");
    }
}
