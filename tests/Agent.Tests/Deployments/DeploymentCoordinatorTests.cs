using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class DeploymentCoordinatorTests : IAsyncDisposable
{
    private readonly DeploymentBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task A_deployment_tells_its_steps_in_order()
    {
        var deployment = _bench.BeginDeploy("v1");
        await _bench.AnswerAsync(deployment);

        var names = await deployment.ReadEventsAsync(Token).Select(told => told.Event).ToListAsync(Token);

        Assert.Equal(["fetching", "preparing", "starting", "probing", "switched", "draining", "completed"], names);
        Assert.Equal(1, _bench.App.Active?.Release.Number);
        Assert.Equal(1, _bench.State.Current.App("web").Active);
        Assert.Null(_bench.State.Current.App("web").Deployment);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_deployment_is_refused_with_what_is_running()
    {
        var first = _bench.BeginDeploy("v1");
        await DeploymentBench.ReachedAsync(first, "probing");

        var refusal = _bench.Refusal(new DeploymentRequest.Deploy(_bench.Address("v2"), null, null));

        Assert.Matches(@"^another deployment of web is running: deploy of .*/v1 \(release 1, probing, running for .* s, since .*\)$", refusal);
        await _bench.AnswerAsync(first);
        await DeploymentBench.ReachedAsync(first, "switched");
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_hears_of_a_switch_or_a_failure_can_begin_the_next_deployment_at_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var good = _bench.BeginDeploy($"good{round}");
            var afterGood = BeginWhenAsync(good, DeploymentState.Switched);
            await _bench.AnswerAsync(good);
            await DeploymentBench.ReachedAsync(await afterGood, "failed");

            var bad = _bench.BeginDeploy($"bad{round}", "exit 1\n");
            await DeploymentBench.ReachedAsync(await BeginWhenAsync(bad, DeploymentState.Failed), "failed");
            await _bench.Coordinator.WhenIdleAsync();
        }

        // Quicker than any reader of the events.
        Task<Deployment> BeginWhenAsync(Deployment deployment, DeploymentState state) => Task.Run(
            () =>
            {
                while (deployment.State < state && !Token.IsCancellationRequested)
                {
                    Thread.SpinWait(1);
                }

                return _bench.Begin(new DeploymentRequest.Deploy(new SourceAddress.Local("/no/such/folder"), null, null));
            },
            Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_retired_release_is_live_until_it_is_forgotten()
    {
        await _bench.DeployAsync("v1");
        var old = _bench.App.Active!;
        var slow = (await _bench.App.Upstream.AcquireAsync(Token)).Lease!;
        await _bench.DeployAsync("v2");
        using var mayWrite = new ManualResetEventSlim();
        using var holds = new ManualResetEventSlim();
        var holding = Task.Run(() => _bench.State.Update(state =>
        {
            holds.Set();
            mayWrite.Wait(Token);
            return state;
        }), Token);
        holds.Wait(Token);

        slow.Dispose();
        await old.Workers[0].Process.Exited.WaitAsync(Token);
        // The state cannot be written for a while: a front that stops now has to wait for it before it lets go of the folder.
        var writes = Task.Run(async () =>
        {
            await Task.Delay(200, Token);
            mayWrite.Set();
        }, Token);
        await Eventually.TrueAsync(() => !_bench.App.Live.Contains(old));

        Assert.DoesNotContain("web.1.1", _bench.State.Current.App("web").Workers.Select(worker => worker.Id));
        await Task.WhenAll(holding, writes);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_cannot_be_rolled_back_to_is_refused()
    {
        Assert.Equal("web has no earlier release to roll back to", _bench.Refusal(new DeploymentRequest.Rollback(null)));
        Assert.Equal("web has no release 9; it has none", _bench.Refusal(new DeploymentRequest.Rollback(9)));
        Assert.Equal("web has no active release; deploy one first", _bench.Refusal(new DeploymentRequest.Restart()));

        await _bench.DeployAsync("v1");

        Assert.Equal("web has no release 9; it has 1", _bench.Refusal(new DeploymentRequest.Rollback(9)));
        Assert.StartsWith("release 1 of web is active already", _bench.Refusal(new DeploymentRequest.Rollback(1)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_ends_at_start_fails_the_deployment_and_leaves_nothing()
    {
        await _bench.DeployAsync("v1");
        var deployment = _bench.BeginDeploy("bad", "echo no database; exit 3\n");

        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");
        await _bench.Coordinator.WhenIdleAsync();

        Assert.Equal("probing", failed.Step);
        Assert.Equal(3, failed.ExitCode);
        Assert.Equal(["no database"], failed.Output);
        Assert.Equal(1, failed.StillActive);
        Assert.StartsWith("worker web.2.1 ended before it was healthy: exit status 3 after ", failed.Reason, StringComparison.Ordinal);
        Assert.Equal([1], _bench.Store.List("web").Select(release => release.Number));
        Assert.Equal(1, Assert.Single(_bench.App.Live).Release.Number);
        Assert.Equal(1, _bench.State.Current.App("web").Active);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_retired_worker_is_gone_and_forgotten()
    {
        await _bench.DeployAsync("v1");
        var old = _bench.App.Active!;

        var second = await _bench.DeployAsync("v2");
        await DeploymentBench.ReachedAsync(second, "completed");
        await old.RetirementEnd.WaitAsync(Token);

        Assert.Null(ProcessRow.Find(old.Workers[0].Process.Pid));
        Assert.Equal(2, Assert.Single(_bench.App.Live).Release.Number);
        Assert.Equal(["web.2.1"], _bench.State.Current.App("web").Workers.Select(worker => worker.Id));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_release_that_is_retired_twice_keeps_its_workers_until_its_first_requests_have_ended()
    {
        await _bench.DeployAsync("v1");
        var first = _bench.App.Active!;
        var slow = (await _bench.App.Upstream.AcquireAsync(Token)).Lease!;
        await _bench.DeployAsync("v2");

        // Back to the first, whose workers still run for the slow request, and away from it again.
        await DeploymentBench.ReachedAsync(_bench.Begin(new DeploymentRequest.Rollback(null)), "switched");
        Assert.Same(first, _bench.App.Active);
        var third = await _bench.DeployAsync("v3");
        await DeploymentBench.ReachedAsync(third, "completed");

        Assert.False(first.Workers[0].Process.WasToldToStop);
        Assert.Equal(ReleaseRole.Draining, first.Role);
        slow.Dispose();
        await first.Workers[0].Process.Exited.WaitAsync(Token);
        Assert.True(first.Workers[0].Process.WasToldToStop);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_switch_at_the_moment_the_front_retires_the_app_is_no_failure()
    {
        await _bench.DeployAsync("v1");
        var old = _bench.App.Active!;
        var second = _bench.BeginDeploy("v2");
        await DeploymentBench.ReachedAsync(second, "probing");
        var candidate = Assert.Single(_bench.App.Live, live => live.Role == ReleaseRole.Candidate);
        using var retired = new ManualResetEventSlim();

        // Holds the runner up where it journals the switch: it has chosen what to replace by then.
        var holding = Task.Run(() => _bench.State.Update(state =>
        {
            retired.Wait(Token);
            return state;
        }), Token);
        await _bench.AnswerAsync(second);
        await Eventually.TrueAsync(() => candidate.Workers[0].Process.State == WorkerState.Healthy);
        Assert.True(old.TryBeginRetirement(out _));
        retired.Set();
        await holding;

        await DeploymentBench.ReachedAsync(second, "completed");
        Assert.Same(candidate, _bench.App.Active);
        Assert.NotNull(_bench.Store.Find("web", 2));
    }

    [Fact(Timeout = 60_000)]
    public async Task Wishes_to_deploy_again_that_come_during_a_deployment_add_up_to_one_more()
    {
        var first = _bench.BeginDeploy("v1");
        await DeploymentBench.ReachedAsync(first, "probing");

        for (var i = 0; i < 8; i++)
        {
            _bench.Coordinator.Redeploy(_bench.App);
        }

        await _bench.AnswerAsync(first);
        await Eventually.TrueAsync(() => _bench.Coordinator.Running(_bench.App) is { State: DeploymentState.Probing } next && next != first);
        var second = _bench.Coordinator.Running(_bench.App)!;
        await _bench.AnswerAsync(second);
        await DeploymentBench.ReachedAsync(second, "completed");
        await _bench.Coordinator.WhenIdleAsync();

        Assert.Equal(2, _bench.State.Current.App("web").LastRelease);
        Assert.Equal($"deploy of {_bench.Source("v1")}", second.Request.Description);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deployment_that_takes_too_long_fails_at_its_timeout()
    {
        var deployment = _bench.Begin(new DeploymentRequest.Deploy(_bench.Address("v1"), null, null) { Timeout = TimeSpan.FromMilliseconds(300) });

        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");

        // Which check came last depends on when the time was over; that it is named does not.
        Assert.StartsWith("it had not switched within 0.3 s (--timeout); last check: ", failed.Reason, StringComparison.Ordinal);
        Assert.Null(failed.StillActive);
        Assert.Empty(_bench.Store.List("web"));
    }
}
