using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Processes;

public sealed class CronTests : IDisposable
{
    /// <summary>The shell stays, since a command follows.</summary>
    private const string BehindShell = "web: ./SampleWorker\ncron: sh -c './SampleWorker --cron; echo over'\n";

    private readonly TestFolder _folder = new();
    private readonly JobWatch _jobs;

    public CronTests() => _jobs = new JobWatch(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task The_old_cron_has_ended_before_the_new_one_begins_also_when_it_takes_its_time()
    {
        await using var front = await StartAsync(Make("v1", "job-stop-ms=700"));
        await _jobs.RunsAsync(1);

        var deployed = await front.DeployAsync(Make("v2"));
        Assert.True(deployed.Code == 0, deployed.ToString());

        await _jobs.RunsAsync(2);
        await _jobs.GoesOnAsync();
        _jobs.AssertOnce();
        Assert.Equal([true, false], _jobs.History.Terms.Select(term => term.HasEnded));
    }

    [Fact(Timeout = 90_000)]
    public async Task A_cron_that_ignores_TERM_is_killed_before_the_new_one_begins()
    {
        await using var front = await StartAsync(Make("v1", "cron-ignore-sigterm=true"));
        var old = await _jobs.RunsAsync(1);

        var deployed = await front.DeployAsync(Make("v2"));
        Assert.True(deployed.Code == 0, deployed.ToString());

        await _jobs.RunsAsync(2);
        _jobs.AssertOnce();
        Assert.False(ProcessTable.IsAlive(old.Pid));
    }

    [Fact(Timeout = 90_000)]
    public async Task What_a_shell_has_started_is_gone_too_before_the_new_one_begins()
    {
        // The shell dies of TERM at once, and its child takes its time.
        await using var front = await StartAsync(MakeWith("v1", BehindShell, "job-stop-ms=500"));
        await _jobs.RunsAsync(1);

        Assert.Equal(0, (await front.DeployAsync(MakeWith("v2", BehindShell, "job-stop-ms=500"))).Code);
        var second = await _jobs.RunsAsync(2);
        Assert.Equal(0, (await front.RollbackAsync()).Code);
        await _jobs.RunsAsync(1, above: second.Generation);

        _jobs.AssertOnce();
        Assert.Equal(3, _jobs.History.Terms.Count);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_cron_that_is_killed_is_started_again_under_a_higher_number()
    {
        await using var front = await StartAsync(Make("v1"));
        var first = await _jobs.RunsAsync(1);

        ProcessTable.Signal(first.Pid, Signals.Kill);

        var second = await _jobs.RunsAsync(1, above: first.Generation);
        Assert.NotEqual(first.Pid, second.Pid);
        _jobs.AssertOnce();
    }

    [Theory(Timeout = 90_000)]
    [InlineData("cron-exit-at-start=4")]
    [InlineData("cron-exit-after-ms=700")]
    public async Task A_release_whose_cron_does_not_stay_up_is_rolled_back_and_the_old_one_runs_again(string behaviour)
    {
        await using var front = await StartAsync(Make("v1"), probation: "20s");
        var old = await _jobs.RunsAsync(1);
        using var held = await HeldRequest.SendAsync(front);

        var deployed = await front.RunAsync("deploy", Make("mortal", behaviour));

        Assert.True(deployed.Code == 5, deployed.ToString());
        Assert.Contains("cron", deployed.Output, StringComparison.Ordinal);
        await front.ActiveAsync(1);
        await _jobs.RunsAsync(1, above: old.Generation);
        await _jobs.GoesOnAsync();
        _jobs.AssertOnce();
        Assert.Single(Crons());
    }

    [Fact(Timeout = 90_000)]
    public async Task A_failed_deploy_leaves_the_cron_alone()
    {
        await using var front = await StartAsync(Make("v1"));
        var before = await _jobs.RunsAsync(1);

        Assert.Equal(1, (await front.DeployAsync(Make("v2", "exit-at-start=3"))).Code);

        var after = await _jobs.GoesOnAsync();
        Assert.Equal((before.Pid, before.Generation), (after.Pid, after.Generation));
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_cron_outlives_a_killed_front_and_the_next_one_takes_it_over()
    {
        await _jobs.OutliveAsync(await StartAsync(Make("v1")));
        var before = await _jobs.GoesOnAsync();
        await using var next = await Front.StartAsync(_folder);
        await next.ActiveAsync(1);
        var after = await _jobs.GoesOnAsync();
        Assert.Equal((before.Pid, before.Generation), (after.Pid, after.Generation));

        Assert.Equal(0, (await next.DeployAsync(Make("v2"))).Code);
        await _jobs.RunsAsync(2);
        _jobs.AssertOnce();
        Assert.Single(Crons());
    }

    [Fact(Timeout = 90_000)]
    public async Task Where_the_state_is_lost_too_the_cron_is_found_all_the_same()
    {
        await _jobs.OutliveAsync(await StartAsync(Make("v1")));
        var before = _jobs.Last!;
        _folder.LoseState();

        await using var next = await Front.StartAsync(_folder);
        await next.ActiveAsync(1);
        Assert.Equal(before.Pid, (await _jobs.GoesOnAsync()).Pid);
        Assert.Equal(0, (await next.DeployAsync(Make("v2"))).Code);
        await _jobs.RunsAsync(2, above: before.Generation);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_cron_that_died_while_there_was_no_front_is_started_by_the_next_one()
    {
        await _jobs.OutliveAsync(await StartAsync(Make("v1")));
        var before = _jobs.Last!;
        ProcessTable.Signal(before.Pid, Signals.Kill);
        await Until.TrueAsync(() => ProcessTable.IsGone(before.Pid));

        await using var next = await Front.StartAsync(_folder);
        await _jobs.RunsAsync(1, above: before.Generation);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task What_a_shell_has_started_that_died_while_there_was_no_front_is_gone_before_the_next_one_begins()
    {
        await _jobs.OutliveAsync(await StartAsync(MakeWith("v1", BehindShell)));
        var before = _jobs.Last!;
        var shell = ProcessTable.ParentOf(before.Pid);
        ProcessTable.Signal(shell, Signals.Kill);
        await Until.TrueAsync(() => ProcessTable.IsGone(shell));
        Assert.True(ProcessTable.IsAlive(before.Pid));

        await using var next = await Front.StartAsync(_folder);
        await _jobs.RunsAsync(1, above: before.Generation);
        _jobs.AssertOnce();
        Assert.False(ProcessTable.IsAlive(before.Pid));
    }

    [Fact(Timeout = 90_000)]
    public async Task A_front_that_stops_ends_its_cron()
    {
        await using var front = await StartAsync(Make("v1"));
        await _jobs.RunsAsync(1);

        Assert.Equal(0, await front.StopAsync());

        Assert.True(_jobs.Last!.HasEnded);
        Assert.Empty(_folder.WorkerPids);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_cron_comes_and_goes_with_the_releases_that_have_one()
    {
        await using var front = await StartAsync(SampleRelease.Make(_folder, "without"));
        await front.ActiveAsync(1);
        Assert.Empty(_jobs.Lines);

        Assert.Equal(0, (await front.DeployAsync(Make("with"))).Code);
        var first = await _jobs.RunsAsync(2);

        Assert.Equal(0, (await front.RollbackAsync()).Code);
        await Until.TrueAsync(() => _jobs.Last!.HasEnded && Crons().Count == 0);

        Assert.Equal(0, (await front.RollbackAsync("2")).Code);
        await _jobs.RunsAsync(2, above: first.Generation);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_cron_knows_what_it_is_and_has_no_port()
    {
        await using var front = await StartAsync(Make("v1"));
        var term = await _jobs.RunsAsync(1);

        var environment = ProcessTable.EnvironmentOf(term.Pid);

        Assert.Equal("cron", environment["BLUEGREEN_PROCESS"]);
        Assert.Equal($"{term.Generation}", environment["BLUEGREEN_GENERATION"]);
        Assert.StartsWith("web.1.cron-", environment["BLUEGREEN_WORKER"], StringComparison.Ordinal);
        Assert.Empty(environment.Keys.Intersect(["PORT", "HOST", "SOCKET", "ASPNETCORE_URLS"]));
    }

    [Fact(Timeout = 90_000)]
    public async Task A_restart_never_has_two_crons()
    {
        await using var front = await StartAsync(Make("v1"));
        var before = await _jobs.RunsAsync(1);

        Assert.Equal(0, (await front.RestartAsync()).Code);

        await front.SettledAsync();
        await _jobs.RunsAsync(1, above: before.Generation);
        _jobs.AssertOnce();
        Assert.Single(Crons());
    }

    private async Task<Front> StartAsync(string release, string probation = "0s")
    {
        _folder.Configure($$"""
            apps:
              web:
                env: {JOB_FILE: {{_jobs.Path}}}
                probation: {{probation}}
                drain: {stop: 1s}
            """);
        return await Front.StartAsync(_folder, release);
    }

    private string Make(string name, params string[] behaviour) => SampleRelease.MakeWithCron(_folder, name, "", behaviour);

    private string MakeWith(string name, string procfile, params string[] behaviour)
    {
        var path = Make(name, behaviour);
        File.WriteAllText(Path.Combine(path, "Procfile"), procfile);
        return path;
    }

    private IReadOnlyList<int> Crons() =>
        [.. _folder.WorkerPids.Where(pid => ProcessTable.EnvironmentOf(pid).GetValueOrDefault("BLUEGREEN_PROCESS") == "cron")];
}
