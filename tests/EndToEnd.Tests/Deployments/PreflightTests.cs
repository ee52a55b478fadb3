using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class PreflightTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task A_release_whose_preflight_fails_is_refused_with_what_it_printed_and_nobody_notices()
    {
        _folder.Configure("apps: {web: {probation: 0s, preflight: sh ./self-test}}");
        await using var front = await Front.StartAsync(_folder, Make("v1", "echo stray output; echo '{\"event\":\"failed\"}'; exit 0"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);
        var bad = Make("bad", "echo the schema is from the future; echo giving up >&2; sleep 600 & exit 3");

        var told = await front.DeployAsync(bad);
        Assert.Equal(1, told.Code);
        Assert.Equal(["fetching", "preparing", "checking", "failed"], told.EventNames);
        var failed = told.Event("failed");
        Assert.Equal(("checking", 3, 1), (failed.Text("step"), failed.Number("exitCode"), failed.Number("stillActive")));
        Assert.StartsWith("preflight refused it: exit status 3 after ", failed.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("the schema is from the future\ngiving up", failed.Joined("output"));

        var shown = await front.RunAsync("deploy", bad);
        Assert.Equal(1, shown.Code);
        Assert.Contains("\nweb: checking release 3 (bad): preflight, sh ./self-test\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\n    the schema is from the future\n    giving up\nweb: release 1 still serves", shown.Output, StringComparison.Ordinal);
        Assert.Single(_folder.WorkerPids);
        Assert.Empty(Tasks());
        Assert.Equal(["1", "1.json", "active"], Directory.EnumerateFileSystemEntries(_folder.In("s", "releases", "web")).Select(path => Path.GetFileName(path)).Order());

        var good = await front.DeployAsync(Make("good", "echo fine"));
        Assert.True(good.Code == 0, good.ToString());
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["v1", "good"], report.Releases.Select(seen => seen.Label));
        Assert.Contains("web.4.preflight | fine", (await front.RunAsync("logs")).Output, StringComparison.Ordinal);

        // What has served has been checked.
        _folder.Write("v1/self-test", "exit 1");
        Assert.Equal(0, (await front.RollbackAsync()).Code);
        Assert.Equal(0, (await front.RestartAsync()).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_preflight_that_hangs_is_killed_with_all_it_has_started()
    {
        _folder.Configure("apps: {web: {preflight: {command: sh ./self-test, timeout: 1s}}}");
        await using var front = await Front.StartAsync(_folder);

        var told = await front.DeployAsync(Make("v1", "trap '' TERM; sleep 600 & echo hanging; wait"));

        Assert.Equal(1, told.Code);
        Assert.Equal("preflight had not ended within 1 s (preflight.timeout)", told.Event("failed").Text("reason"));
        Assert.Equal("hanging", told.Event("failed").Joined("output"));
        Assert.Empty(Tasks());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_that_stops_ends_the_preflight()
    {
        _folder.Configure("apps: {web: {preflight: {command: sh ./self-test, timeout: 10m}}}");
        await using var front = await Front.StartAsync(_folder);
        await using var deploying = front.StartCommand("deploy", Make("v1", "trap '' TERM; sleep 600"));
        await Until.TrueAsync(() => Tasks().Count > 0);

        Assert.Equal(0, await front.StopAsync());

        Assert.Empty(Tasks());
        Assert.Equal(1, (await CliResult.OfAsync(deploying)).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_killed_front_was_checking_is_ended_by_the_next_one()
    {
        _folder.Configure("apps: {web: {preflight: {command: sh ./self-test, timeout: 10m}}}");
        await using var first = await Front.StartAsync(_folder, Make("v1", "exit 0"));
        await first.ActiveAsync(1);
        await using var deploying = first.StartCommand("deploy", Make("v2", "sleep 600"));
        await Until.TrueAsync(() => Tasks().Count == 2);
        await first.KillAsync();
        Assert.Equal(2, Tasks().Count);

        await using var second = await Front.StartAsync(_folder);

        Assert.Empty(Tasks());
        await second.ActiveAsync(1);
        Assert.Single(_folder.WorkerPids);
        Assert.Equal(["1", "1.json", "active"], Directory.EnumerateFileSystemEntries(_folder.In("s", "releases", "web")).Select(path => Path.GetFileName(path)).Order());
        var record = (await second.RunAsync("history", "--json")).Lines[^1].Text;
        Assert.Contains("\"outcome\":\"interrupted\",\"step\":\"checking\"", record, StringComparison.Ordinal);
    }

    /// <summary>Processes that run once, and what they have started.</summary>
    private List<int> Tasks() =>
        [.. ProcessTable.With(TestFolder.Mark, _folder.State).Where(pid => ProcessTable.EnvironmentOf(pid).ContainsKey("BLUEGREEN_TASK"))];

    private string Make(string name, string selfTest)
    {
        var path = SampleRelease.Make(_folder, name);
        _folder.Write($"{name}/self-test", selfTest);
        return path;
    }
}
