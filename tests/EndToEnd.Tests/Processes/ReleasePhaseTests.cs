using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Processes;

public sealed class ReleasePhaseTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task It_runs_exactly_once_a_deployment_and_never_for_a_rollback_or_a_restart_unless_asked()
    {
        await using var front = await Front.StartAsync(_folder, Make("v1", Note));
        await front.ActiveAsync(1);
        foreach (var release in Enumerable.Range(2, 5))
        {
            var told = await front.DeployAsync(Make($"v{release}", Note));
            Assert.True(told.Code == 0, told.ToString());
            Assert.Equal("releasing", told.EventNames.ElementAt(2));
        }

        Assert.Equal(0, (await front.RollbackAsync()).Code);
        Assert.Equal(0, (await front.RollbackAsync()).Code);
        Assert.Equal(0, (await front.RestartAsync()).Code);
        front.Signal(Signals.User2);
        await front.ActiveAsync(7);
        await front.SettledAsync();

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], Notes);

        var asked = await front.RollbackAsync("3", "--release-phase");
        Assert.True(asked.Code == 0, asked.ToString());
        Assert.Equal(["releasing", "starting", "probing", "switched", "draining", "completed"], asked.EventNames.Distinct());
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "3"], Notes);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_migration_that_fails_leaves_the_old_release_serving_and_its_output_is_shown()
    {
        await using var front = await Front.StartAsync(_folder, Make("v1", Note));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);
        var bad = Make("bad", "echo creating table; echo it is there already >&2; sleep 600 & exit 3");

        var told = await front.DeployAsync(bad);
        Assert.Equal(1, told.Code);
        Assert.Equal(["fetching", "preparing", "releasing", "failed"], told.EventNames.Distinct());
        var failed = told.Event("failed");
        Assert.Equal(("releasing", 3, 1), (failed.Text("step"), failed.Number("exitCode"), failed.Number("stillActive")));
        Assert.StartsWith("the release phase failed: exit status 3 after ", failed.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("creating table\nit is there already", failed.Joined("output"));

        var shown = await front.RunAsync("deploy", bad);
        Assert.Equal(1, shown.Code);
        Assert.Contains(
            "\nweb: releasing release 3 (bad): sh ./migrate\n    creating table\n    it is there already\nweb: failed at releasing: ", shown.Output,
            StringComparison.Ordinal);
        Assert.EndsWith("\n    creating table\n    it is there already\nweb: release 1 still serves", shown.Output, StringComparison.Ordinal);
        Assert.Single(_folder.WorkerPids);
        Assert.Empty(Tasks());
        Assert.Equal(["1", "1.json", "active"], Stored);

        var good = await front.DeployAsync(Make("good", Note));
        Assert.True(good.Code == 0, good.ToString());
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["v1", "good"], report.Releases.Select(seen => seen.Label));
        Assert.Contains("web.3.release | creating table", (await front.RunAsync("logs", "--release", "3")).Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_it_prints_is_shown_while_it_runs()
    {
        await using var front = await Front.StartAsync(_folder, Make("v1", Note));
        await front.ActiveAsync(1);

        await using var deploying = front.StartCommand("deploy", Make("v2", $"echo half done; {Wait}; echo all done"));
        await deploying.WaitForLineAsync(line => line == "    half done");

        Assert.Equal("releasing", (await front.StatusAsync()).App().Deployment!.Step);
        Assert.Equal("web.2.release | half done", (await front.RunAsync("logs", "--release", "2")).Output);
        Open();
        Assert.Equal(0, (await CliResult.OfAsync(deploying)).Code);
        Assert.Contains("    all done", deploying.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task When_its_time_is_over_it_can_roll_back_and_then_nothing_of_it_is_left()
    {
        _folder.Configure("apps: {web: {probation: 0s, processes: {release: {timeout: 1s}}}}");
        await using var front = await Front.StartAsync(_folder);

        var told = await front.DeployAsync(Make("v1", "trap 'echo taken back; exit 0' TERM; echo begun; sleep 600 & wait"));

        Assert.Equal(1, told.Code);
        Assert.Equal("the release phase had not ended within 1 s (processes.release.timeout)", told.Event("failed").Text("reason"));
        Assert.Equal("begun\ntaken back", told.Event("failed").Joined("output"));
        Assert.Empty(Tasks());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_that_stops_gives_it_time_to_roll_back()
    {
        await using var front = await Front.StartAsync(_folder);
        await using var deploying = front.StartCommand("deploy", Make("v1", $"trap 'echo taken back >>{_folder.In("notes")}; exit 0' TERM; {Note}; sleep 600 & wait"));
        await Until.TrueAsync(() => Notes is ["1"]);

        Assert.Equal(0, await front.StopAsync());

        Assert.Equal(["1", "taken back"], Notes);
        Assert.Empty(Tasks());
        Assert.Equal(1, (await CliResult.OfAsync(deploying)).Code);
    }

    [Fact(Timeout = 90_000)]
    public async Task What_a_killed_front_was_migrating_is_ended_and_gone_before_anything_else_is_deployed()
    {
        await using var first = await Front.StartAsync(_folder, Make("v1", Note));
        await first.ActiveAsync(1);
        await using var deploying = first.StartCommand(
            "deploy", Make("v2", $"trap '{Wait}; ls >/dev/null && echo taken back >>{_folder.In("notes")}; exit 0' TERM; {Note}; sleep 600 & wait"));
        await Until.TrueAsync(() => Notes is ["1", "2"]);
        await first.KillAsync();
        Assert.NotEmpty(Tasks());

        await using var second = await Front.StartAsync(_folder);
        await second.ActiveAsync(1);
        await using var next = second.StartCommand("deploy", Make("v3", Note));
        await Until.TrueAsync(async () => (await second.StatusAsync()).App().Deployment is { Step: "accepted" });
        Assert.Contains("2", Stored);
        Open();

        var told = await CliResult.OfAsync(next);
        Assert.True(told.Code == 0, told.ToString());
        Assert.Equal(["1", "2", "taken back", "3"], Notes);
        await StoredAsync("1", "1.json", "3", "3.json", "active");
        Assert.Empty(Tasks());
        Assert.Contains(
            (await second.RunAsync("history", "--json")).Lines,
            line => line.Text.Contains("\"outcome\":\"interrupted\",\"step\":\"releasing\"", StringComparison.Ordinal));
        Assert.Equal(3, (await CliResult.OfAsync(deploying)).Code);
    }

    [Fact(Timeout = 90_000)]
    public async Task The_first_deployment_of_an_app_that_was_cut_off_is_begun_again_as_another_one()
    {
        var source = Make("v1", $"{Note}; {Wait}");
        await using var first = await Front.StartAsync(_folder, source);
        await Until.TrueAsync(() => Notes is ["1"]);
        await first.KillAsync();

        await using var second = await Front.StartAsync(_folder, source);
        await Until.TrueAsync(() => Notes is ["1", "2"]);
        Assert.Single(Tasks(), pid => ProcessTable.EnvironmentOf(pid).GetValueOrDefault("BLUEGREEN_WORKER_PID") == $"{pid}");
        Open();

        await second.ActiveAsync(2);
        Assert.Equal(["1", "2"], Notes);
        await StoredAsync("2", "2.json", "active");
    }

    /// <summary>A line of a script that says in a file which release runs it.</summary>
    private string Note => $"echo $BLUEGREEN_RELEASE >>{_folder.In("notes")}";

    /// <summary>A line of a script that waits until <see cref="Open"/>.</summary>
    private string Wait => $"until [ -e {_folder.In("gate")} ]; do sleep 0.02; done";

    private string[] Notes => File.Exists(_folder.In("notes")) ? File.ReadAllLines(_folder.In("notes")) : [];

    private IEnumerable<string?> Stored =>
        Directory.EnumerateFileSystemEntries(_folder.In("s", "releases", "web")).Select(path => Path.GetFileName(path)).Order();

    /// <summary>A release that was cut off is deleted while the next one is under way.</summary>
    private Task StoredAsync(params string[] names) => Until.TrueAsync(() => Stored.SequenceEqual(names));

    private void Open() => _folder.Write("gate", "");

    /// <summary>Processes that run once, and what they have started.</summary>
    private List<int> Tasks() =>
        [.. ProcessTable.With(TestFolder.Mark, _folder.State).Where(pid => ProcessTable.EnvironmentOf(pid).ContainsKey("BLUEGREEN_TASK"))];

    private string Make(string name, string migrate)
    {
        var path = SampleRelease.Make(_folder, name);
        _folder.Write($"{name}/migrate", migrate);
        _folder.Write($"{name}/Procfile", "web: ./SampleWorker\nrelease: sh ./migrate\n");
        return path;
    }
}
