using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Load;

namespace BlueGreen.EndToEnd.Tests.Traffic;

public sealed class ExactlyOnceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task Every_POST_answered_during_20_deploys_and_rollbacks_arrived_exactly_once()
    {
        var record = _folder.In("record");
        _folder.Configure($$"""
            apps:
              web:
                env: {RECORD_FILE: {{record}}}
            """);
        var source = SampleRelease.Make(_folder, "v1");
        await using var front = await Front.StartAsync(_folder, source);
        using var stop = new CancellationTokenSource();
        var load = new PostLoad(new LoadOptions { Target = new Uri(front.Address, "/record") });
        var posting = load.RunAsync(record, stop.Token);
        await load.ReachAsync(500).WaitAsync(TestContext.Current.CancellationToken);
        for (var pair = 1; pair <= 10; pair++)
        {
            AssertSwitched(await front.DeployAsync(source));
            AssertSwitched(await front.RollbackAsync());
        }

        await stop.CancelAsync();
        var report = await posting;
        Assert.True(report.IsExactlyOnce, report.ToString());
        Assert.Equal(11, report.Load.Releases.Count);
        Assert.Equal(1, (await front.StatusAsync()).App().Active!.Release);
    }

    private static void AssertSwitched(CliResult done)
    {
        Assert.True(done.Code == 0, done.ToString());
        Assert.Contains("switched", done.EventNames);
    }
}
