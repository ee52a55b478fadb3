using System.Globalization;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Deployments.Processes;

public sealed class AppProcessesTests : IAsyncDisposable
{
    /// <summary>Notes its beginning and its end in a file of the test, and needs a moment to end.</summary>
    private const string Noting =
        "sh -c 'trap \"sleep 0.2; echo end $$ >>$NOTES; exit 0\" TERM; echo begin $$ $BLUEGREEN_GENERATION >>$NOTES; while :; do sleep 0.01; done'";

    private readonly DeploymentBench _bench = new(options => options with
    {
        Env = new Dictionary<string, string> { ["NOTES"] = Path.Combine(Path.GetTempPath(), $"bluegreen-notes-{Guid.NewGuid():n}") },
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Notes => _bench.App.Options.Env["NOTES"];

    private AppProcesses Processes => _bench.Processes.Of(_bench.App);

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        File.Delete(Notes);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_processes_of_a_release_are_started_at_its_switch_and_not_before()
    {
        var deployment = _bench.Begin(new DeploymentRequest.Deploy(_bench.WithProcfile("v1", "cron: sleep 600\nrelease: true"), Label: null, Command: null));
        await DeploymentBench.ReachedAsync(deployment, "probing");
        Assert.Empty(Processes.Living);

        await _bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "completed");

        var cron = Assert.Single(Processes.Living);
        Assert.Equal(("web.1.cron-1", "cron", 1, 0, false), (cron.Id, cron.Type, cron.Release, cron.Restarts, cron.Exited.IsCompleted));
        Assert.Equal((cron.Pid, cron.Generation), Assert.Single(_bench.Journal.Processes) is var known ? (known.Pid, known.Generation) : default);
        Assert.Equal(new Dictionary<string, int> { ["cron"] = 1 }, Processes.Wanted);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_process_has_the_environment_of_a_worker_without_an_address()
    {
        await CompletedAsync("v1", "cron: sh -c 'env >$NOTES.tmp; mv $NOTES.tmp $NOTES; exec sleep 600'");
        await Eventually.TrueAsync(() => File.Exists(Notes));

        var variables = File.ReadAllLines(Notes).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

        var cron = Assert.Single(Processes.Living);
        Assert.Equal(
            ("web", "1", "v1", "cron", "web.1.cron-1", cron.Pid.ToString(CultureInfo.InvariantCulture), cron.Generation.ToString(CultureInfo.InvariantCulture)),
            (variables["BLUEGREEN_APP"], variables["BLUEGREEN_RELEASE"], variables["BLUEGREEN_LABEL"], variables["BLUEGREEN_PROCESS"],
             variables["BLUEGREEN_WORKER"], variables["BLUEGREEN_WORKER_PID"], variables["BLUEGREEN_GENERATION"]));
        Assert.DoesNotContain(variables.Keys, name => name is "PORT" or "HOST" or "SOCKET" or "ASPNETCORE_URLS" or "BLUEGREEN_ROLE");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_old_singleton_has_ended_before_the_new_one_begins_and_its_number_is_lower()
    {
        await CompletedAsync("v1", $"cron: {Noting}");
        await CompletedAsync("v2", $"cron: {Noting}");
        await RollBackAsync();
        await Eventually.TrueAsync(() => File.ReadAllLines(Notes).Length == 5);

        var notes = File.ReadAllLines(Notes).Select(line => line.Split(' ')).ToArray();

        Assert.Equal(["begin", "end", "begin", "end", "begin"], notes.Select(note => note[0]));
        Assert.Equal((notes[0][1], notes[2][1]), (notes[1][1], notes[3][1]));
        var numbers = notes.Where(note => note[0] == "begin").Select(note => long.Parse(note[2], CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(numbers.Order().Distinct(), numbers);
    }

    [Fact(Timeout = 60_000)]
    public async Task Processes_that_may_overlap_are_started_before_the_old_ones_are_told_to_stop()
    {
        _bench.App.Options = _bench.App.Options with
        {
            Processes = new Dictionary<string, ProcessTypeOptions> { ["queue"] = new() { Singleton = false, Instances = 2 } },
        };
        await CompletedAsync("v1", $"queue: {Noting}");
        Assert.Equal(2, Processes.Living.Count);

        await CompletedAsync("v2", $"queue: {Noting}");
        await Eventually.TrueAsync(() => File.ReadAllLines(Notes).Length == 6);

        Assert.Equal(["begin", "begin", "begin", "begin", "end", "end"], File.ReadAllLines(Notes).Select(line => line.Split(' ')[0]));
        await Eventually.TrueAsync(() => Processes.Living.Count == 2);
        Assert.All(Processes.Living, process => Assert.Equal(2, process.Release));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_dies_is_started_again_with_a_higher_number_when_all_it_had_started_is_gone()
    {
        await CompletedAsync("v1", "cron: sh -c 'sleep 600 & echo $! >>$NOTES; wait'");
        var first = Assert.Single(Processes.Living);
        await Eventually.TrueAsync(() => File.Exists(Notes));
        var child = int.Parse(File.ReadAllLines(Notes)[0], CultureInfo.InvariantCulture);

        System.Diagnostics.Process.GetProcessById(first.Pid).Kill();
        await Eventually.TrueAsync(() => Processes.Living is [var next] && next != first);

        var second = Assert.Single(Processes.Living);
        Assert.Equal((1, true), (second.Restarts, second.Generation > first.Generation));
        Assert.False(ProcessStat.Of(child) is { IsAlive: true });
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_does_not_stop_is_killed_after_its_grace()
    {
        _bench.App.Options = _bench.App.Options with { Drain = _bench.App.Options.Drain with { Stop = TimeSpan.FromMilliseconds(200) } };
        await CompletedAsync("v1", "cron: sh -c 'trap \"\" TERM; echo deaf >>$NOTES; while :; do sleep 0.01; done'");
        await Eventually.TrueAsync(() => File.Exists(Notes));
        var deaf = Assert.Single(Processes.Living);

        await CompletedAsync("v2", "other: sleep 600");

        Assert.Equal("killed by SIGKILL", (await deaf.Exited).Description);
        Assert.Equal(["other"], Processes.Living.Select(process => process.Type));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_does_not_stay_up_fails_the_probation_and_the_old_one_comes_back()
    {
        _bench.App.Options = _bench.App.Options with { Probation = TimeSpan.FromSeconds(60) };
        await CompletedAsync("v1", "cron: sleep 600");

        var deployment = await _bench.DeployAsync("v2", procfile: "cron: sh -c 'echo no database; exit 3'");
        var told = await DeploymentBench.ReachedAsync(deployment, "rolledback");

        Assert.Equal("process web.2.cron-1 ended: exit status 3", told.Reason);
        Assert.Equal((3, 1), (told.ExitCode, told.StillActive));
        Assert.Equal(["no database"], told.Output);
        await Eventually.TrueAsync(() => Processes.Living is [{ Release: 1, Exited.IsCompleted: false }]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_a_probation_it_is_started_again_and_again()
    {
        await CompletedAsync("v1", "cron: sh -c 'echo again >>$NOTES; exit 3'");

        await Eventually.TrueAsync(() => File.Exists(Notes) && File.ReadAllLines(Notes).Length >= 3);

        Assert.Equal(1, _bench.Journal.Active);
        Assert.Matches(@"^process web\.1\.cron-\d+ ended: exit status 3$", Assert.Single(Processes.Failures["cron"]));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_stays_up_after_all_has_no_failure_any_more()
    {
        await CompletedAsync("v1", "cron: sh -c 'test -e $NOTES && exec sleep 600'");
        Assert.Single(Processes.Failures["cron"]);

        File.WriteAllText(Notes, "");

        await Eventually.TrueAsync(() => !Processes.Failures.Contains("cron"));
        Assert.Single(Processes.Living);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_release_whose_process_cannot_be_run_is_refused_before_anything_is_started()
    {
        var deployment = _bench.Begin(new DeploymentRequest.Deploy(_bench.WithProcfile("v1", "cron: ./missing"), Label: null, Command: null));

        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");

        Assert.Equal("preparing", failed.Step);
        Assert.StartsWith("its cron process cannot be run: ", failed.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_type_of_which_none_is_wanted_is_neither_checked_nor_started()
    {
        _bench.App.Options = _bench.App.Options with
        {
            Processes = new Dictionary<string, ProcessTypeOptions> { ["cron"] = new() { Instances = 0 } },
        };

        await CompletedAsync("v1", "cron: ./missing");

        Assert.Empty(Processes.Living);
    }

    [Fact(Timeout = 60_000)]
    public async Task Those_of_an_earlier_front_are_adopted_or_seen_gone_before_others_are_started()
    {
        await CompletedAsync("v1", $"cron: {Noting}\nold: {Noting}");
        var (cron, old) = (Processes.Living.Single(process => process.Type == "cron"), Processes.Living.Single(process => process.Type == "old"));
        RunningProcess[] found = [Found(cron), Found(old), Found(old) with { Id = "web.1.gone-7", Type = "gone" }];

        await using var next = new DeploymentBench(options => options with { Env = _bench.App.Options.Env });
        new ProcessRecovery(next.Processes, _bench.Directory.Root).Adopt(next.App, found, _bench.Journal);
        var after = next.Processes.Of(next.App);
        Assert.Equal(3, after.Living.Count);
        var release = _bench.App.Active!;
        after.Follow(new LiveRelease(
            release.Release with { Processes = release.Release.Processes.Where(type => type.Key == "cron").ToDictionary() }, release.Generation, TimeProvider.System));
        await after.SettledAsync();

        Assert.Equal((cron.Pid, cron.Generation), Assert.Single(after.Living) is var adopted ? (adopted.Pid, adopted.Generation) : default);
        Assert.Equal([$"end {old.Pid}"], File.ReadAllLines(Notes).Where(line => line.StartsWith("end", StringComparison.Ordinal)).Distinct());
        Assert.True(next.Processes.Services.Generations.Next("web") > cron.Generation);

        RunningProcess Found(BackgroundProcess process) =>
            new(process.Id, "web", process.Type, process.Release, process.Generation, process.Identity!);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_of_a_singleton_that_an_earlier_front_has_left_are_both_gone_or_one_before_a_third()
    {
        await CompletedAsync("v1", $"cron: {Noting}\nsecond: {Noting}");
        var found = Processes.Living.Select((process, i) => new RunningProcess(
            $"web.1.cron-{i}", "web", "cron", 1, process.Generation, process.Identity!)).ToArray();

        await using var next = new DeploymentBench(options => options with { Env = _bench.App.Options.Env });
        new ProcessRecovery(next.Processes, _bench.Directory.Root).Adopt(next.App, found, _bench.Journal with { Processes = [] });
        next.Processes.Of(next.App).Follow(_bench.App.Active!);
        await Eventually.TrueAsync(() => next.Processes.Of(next.App).Living.Count(process => process.Type == "cron") == 1);

        Assert.Equal(found.Max(process => process.Generation), next.Processes.Of(next.App).Living.Single(process => process.Type == "cron").Generation);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_one_had_started_that_died_while_no_front_was_there_is_ended_before_the_next_one()
    {
        await CompletedAsync("v1", "cron: sh -c 'sleep 600 & echo $! >>$NOTES; wait'");
        await Eventually.TrueAsync(() => File.Exists(Notes));
        var cron = Assert.Single(Processes.Living);
        var journal = _bench.Journal;
        var child = int.Parse(File.ReadAllLines(Notes)[0], CultureInfo.InvariantCulture);
        Assert.True(RunningWorkers.HasLeftBehind(_bench.Directory.Root, cron.Id, cron.Pid));
        Assert.False(RunningWorkers.HasLeftBehind(_bench.Directory.Root, "web.1.cron-2", cron.Pid));

        await using var next = new DeploymentBench();
        // As if its leader were gone: the journal knows another start time than the process has.
        new ProcessRecovery(next.Processes, _bench.Directory.Root).Adopt(
            next.App, [], journal with { Processes = [journal.Processes[0] with { StartTicks = 1 }] });

        Assert.False(ProcessStat.Of(child) is { IsAlive: true });
        Assert.Empty(next.Processes.Of(next.App).Living);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_end_of_an_app_ends_them()
    {
        await CompletedAsync("v1", "cron: sleep 600");
        var cron = Assert.Single(Processes.Living);

        Processes.End();
        await Processes.SettledAsync().WaitAsync(Token);

        Assert.True(cron.Exited.IsCompleted);
        Assert.Empty(Processes.Living);
        Assert.Empty(_bench.Journal.Processes);
    }

    private async Task CompletedAsync(string name, string procfile) =>
        await DeploymentBench.ReachedAsync(await _bench.DeployAsync(name, procfile: procfile), "completed");

    private async Task RollBackAsync()
    {
        var rollback = _bench.Begin(new DeploymentRequest.Rollback(null));
        if (!_bench.App.Live.Any(live => live.Role == ReleaseRole.Candidate && live.Workers.All(worker => worker.Process.State == WorkerState.Healthy)))
        {
            await _bench.AnswerAsync(rollback);
        }

        await DeploymentBench.ReachedAsync(rollback, "completed");
    }
}
