using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.State;
using BlueGreen.Harness.Origins;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class DeploymentWitnessTests : IAsyncDisposable
{
    private readonly DeploymentBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DeploymentRecord Last => _bench.Audit.Last(1)[0];

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task A_deployment_is_recorded_before_anybody_hears_of_its_end()
    {
        var deployment = _bench.Begin(new DeploymentRequest.Deploy(_bench.Address("v1"), null, null) { By = new Actor(7, "anna") });
        await _bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "completed");

        var record = Last;
        Assert.Equal((deployment.Id, "web", "deploy", "cli", "completed"), (record.Id, record.App, record.Kind, record.Trigger, record.Outcome));
        Assert.Equal((1, "v1", new ActorReport(7, "anna")), (record.Release, record.Label, record.By));
        Assert.Equal((_bench.Source("v1"), _bench.Store.Find("web", 1)!.Digest), (record.Source, record.Digest));
        Assert.Equal(deployment.StartedAt, record.StartedAt);
        var took = record.Durations!;
        Assert.True(took is { FetchMs: >= 0, ReadyMs: >= 0, SwitchMs: > 0, DrainMs: >= 0, CheckMs: null }, took.ToString());
        Assert.True(took.TotalMs >= took.SwitchMs);
        Assert.Empty(_bench.Journal.Unrecorded);
        Assert.Equal(new Actor(7, "anna"), _bench.Store.Find("web", 1)!.By);
    }

    [Fact(Timeout = 60_000)]
    public async Task How_far_a_download_is_is_told_to_those_who_follow_it_alone()
    {
        await using var origin = await Origin.StartAsync(new OriginFile("#!/bin/sh\nexec sleep 600\n"u8.ToArray()).ServeAsync);
        var deployment = _bench.Begin(new DeploymentRequest.Deploy(new SourceAddress.Http(new Uri(origin.Url, "server")), null, null));
        await _bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "completed");
        await _bench.Coordinator.WhenIdleAsync();

        Assert.Contains(await deployment.ReadEventsAsync(Token).ToListAsync(Token), told => told.Bytes is not null);
        Assert.DoesNotContain(_bench.Published, told => told.Bytes is not null);
        Assert.Single(_bench.Published, told => told.Event == "fetching");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failure_is_recorded_with_its_step_and_its_reason()
    {
        await DeploymentBench.ReachedAsync(_bench.BeginDeploy("bad", "exit 3\n"), "failed");

        Assert.Equal(("failed", "probing", 3), (Last.Outcome, Last.Step, Last.ExitCode));
        Assert.StartsWith("worker web.1.1 ended before it was healthy", Last.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rollback_of_the_fronts_is_recorded_with_what_it_answers()
    {
        _bench.App.Options = _bench.App.Options with { Probation = TimeSpan.FromMinutes(5) };
        await _bench.DeployAsync("v1");
        await DeploymentBench.ReachedAsync(await _bench.DeployAsync("v2"), "completed");

        await DeploymentBench.CrashAsync(_bench.App.Active!.Workers[0]);
        await Eventually.TrueAsync(() => _bench.Audit.Last(10).Any(record => record.Trigger == "probation"));

        Assert.Equal(("rollback", 1, 2, "completed"), (Last.Kind, Last.Release, Last.Replaced, Last.Outcome));
        Assert.Equal("worker web.2.1 ended: killed by SIGKILL", Last.Reason);
        await Eventually.TrueAsync(() => _bench.Published.Any(told => told.Event == "rolledback"));
        var told = _bench.Published.Single(told => told.Event == "rolledback");
        Assert.Equal((2, "v2", 1, "worker web.2.1 ended: killed by SIGKILL"), (told.Release, told.Label, told.StillActive, told.Reason));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rollback_while_the_old_release_drains_is_told_once()
    {
        _bench.App.Options = _bench.App.Options with { Probation = TimeSpan.FromMinutes(5) };
        await _bench.DeployAsync("v1");
        var slow = (await _bench.App.Upstream.AcquireAsync(Token)).Lease!;
        var deployment = await _bench.DeployAsync("v2");

        await DeploymentBench.CrashAsync(_bench.App.Active!.Workers[0]);
        await DeploymentBench.ReachedAsync(deployment, "rolledback");
        slow.Dispose();
        await Eventually.TrueAsync(() => _bench.Audit.Last(10).Count == 3);

        Assert.Equal("rolledback", _bench.Audit.Last(10).Single(record => record.Id == deployment.Id).Outcome);
        Assert.Single(_bench.Published, told => told.Event == "rolledback");
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_earlier_front_had_under_way_is_recorded_once_as_interrupted()
    {
        await DeploymentBench.ReachedAsync(await _bench.DeployAsync("v1"), "completed");
        var begun = new JournaledDeployment("deploy", "probing", 3, DateTimeOffset.UnixEpoch)
        {
            Id = "begun", Trigger = "usr2", Source = "/srv/v3", Uid = 7, User = "anna",
        };
        var draining = begun with { Id = "draining", Step = "switched", Release = 2 };
        var recorded = draining with { Id = Last.Id };
        var old = begun with { Id = null };
        _bench.State.Update("web", before => before with { LastRelease = 3, Deployment = begun, Unrecorded = [draining, recorded, old] });

        var known = _bench.Journal;
        _bench.Recovery.TryRecover(_bench.App, [], []);
        Assert.Empty(_bench.Journal.Unrecorded);
        Assert.Null(_bench.Journal.Deployment);

        // As a front does that comes after one that was killed right then.
        _bench.Services.Witness.RecordInterrupted("web", known);
        var records = _bench.Audit.Last(10);
        Assert.Equal([recorded.Id, "draining", "begun"], records.Select(record => record.Id));
        Assert.All(records.Skip(1), record => Assert.Equal(("interrupted", "usr2"), (record.Outcome, record.Trigger)));
        Assert.Equal(new ActorReport(7, "anna"), records[2].By);
        Assert.Equal(("switched", "probing"), (records[1].Step, records[2].Step));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("exec sleep 600\n", "after", "switched")]
    [InlineData("exit 3\n", "failed", "failed")]
    public async Task A_hook_hears_of_a_switch_or_a_failure_and_changes_nothing(string script, string hook, string happened)
    {
        const string command = "read json; echo $BLUEGREEN_EVENT; echo $json | grep -o '\"event\":\"[a-z]*\"'; exit 1";
        _bench.App.Options = _bench.App.Options with { Hooks = new HookOptions { After = command, Failed = command, Directory = _bench.Folder.Path } };

        var deployment = _bench.BeginDeploy("v1", script);
        if (hook == "after")
        {
            await _bench.AnswerAsync(deployment);
        }

        await DeploymentBench.ReachedAsync(deployment, hook == "after" ? "completed" : "failed");
        await _bench.Coordinator.WhenIdleAsync();

        var line = Assert.Single(_bench.HookLog.Lines);
        Assert.Matches($@"^Warning: Hook {hook} of web: exit status 1 after .* s; its last output: {hook} \| ""event"":""{happened}""$", line);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_hook_that_hangs_is_ended_when_its_time_is_over()
    {
        _bench.App.Options = _bench.App.Options with
        {
            Hooks = new HookOptions { Failed = "sleep 600", Timeout = TimeSpan.FromMilliseconds(300), Directory = _bench.Folder.Path },
        };

        await DeploymentBench.ReachedAsync(_bench.BeginDeploy("bad", "exit 1\n"), "failed");
        await _bench.Coordinator.WhenIdleAsync();

        Assert.Equal("Warning: Hook failed of web: killed, its time (hooks.timeout) was over; no output", Assert.Single(_bench.HookLog.Lines));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_printed_much_does_not_keep_its_hook_from_being_run()
    {
        _bench.App.Options = _bench.App.Options with
        {
            Hooks = new HookOptions { Failed = "wc -c; test ${#BLUEGREEN_DEPLOYMENT} -lt 2000", Directory = _bench.Folder.Path },
        };

        await DeploymentBench.ReachedAsync(_bench.BeginDeploy("bad", "head -c 60000 /dev/zero | tr '\\0' '\\001'; exit 1\n"), "failed");
        await _bench.Coordinator.WhenIdleAsync();

        Assert.Matches(@"^Information: Hook failed of web: exit status 0 after .*; its last output: 3\d{5}$", Assert.Single(_bench.HookLog.Lines));
    }

    [Fact(Timeout = 60_000)]
    public async Task Listeners_hear_every_step_with_all_that_is_known()
    {
        await DeploymentBench.ReachedAsync(await _bench.DeployAsync("v1"), "completed");
        await _bench.Coordinator.WhenIdleAsync();

        Assert.Equal(["fetching", "preparing", "starting", "probing", "switched", "draining", "completed"], _bench.Published.Select(told => told.Event));
        Assert.All(_bench.Published, told => Assert.Equal((_bench.Source("v1"), "cli"), (told.Source, told.Trigger)));
        Assert.Single(_bench.Published.Select(told => told.Id).Distinct());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_release_that_a_rollback_is_about_to_start_is_not_pruned()
    {
        foreach (var name in new[] { "v1", "v2", "v3" })
        {
            await DeploymentBench.ReachedAsync(await _bench.DeployAsync(name), "completed");
        }

        await Eventually.TrueAsync(() => _bench.App.Live.Length == 1);
        _bench.App.Options = _bench.App.Options with { Hooks = new HookOptions { Before = "until [ -e gate ]; do sleep 0.01; done", Directory = _bench.Folder.Path } };
        var rollback = _bench.Begin(new DeploymentRequest.Rollback(1));
        await DeploymentBench.ReachedAsync(rollback, "checking");

        var refused = _bench.Coordinator.TryBetweenDeployments(_bench.App, () => Assert.Fail("a deployment runs"));
        Assert.StartsWith("another deployment of web is running", refused!.Reason, StringComparison.Ordinal);
        Assert.Equal([], _bench.Services.Pruning.Prune(_bench.App, keep: 1));

        _bench.Folder.Write("gate", "");
        await _bench.AnswerAsync(rollback);
        await DeploymentBench.ReachedAsync(rollback, "completed");
        await Eventually.TrueAsync(() => _bench.App.Live.Length == 1);
        IReadOnlyList<int> pruned = [];
        Assert.Null(_bench.Coordinator.TryBetweenDeployments(_bench.App, () => pruned = _bench.Services.Pruning.Prune(_bench.App, 1)));
        Assert.Equal([2], pruned);
    }
}
