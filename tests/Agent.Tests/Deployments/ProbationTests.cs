using BlueGreen.Agent.Deployments;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class ProbationTests : IAsyncDisposable
{
    private DeploymentBench _bench = OnProbationFor(TimeSpan.FromMinutes(10));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task A_new_release_whose_worker_crashes_is_rolled_back_to_the_workers_kept_warm()
    {
        await _bench.DeployAsync("v1");
        var good = _bench.App.Active!;
        await DeploymentBench.ReachedAsync(await _bench.DeployAsync("v2"), "completed");
        var bad = _bench.App.Active!;
        Assert.Equal((2, 1), (bad.Release.Number, _bench.App.Probation!.Fallback));
        Assert.Equal(bad.Generation, _bench.Journal.Probation!.Generation);
        await Eventually.TrueAsync(() => good.Role == ReleaseRole.Standby);

        await DeploymentBench.CrashAsync(bad.Workers[0]);

        await _bench.InRotationAsync(good.Workers[0]);
        await Eventually.TrueAsync(() => _bench.App.Live is [{ Role: ReleaseRole.Active, Release.Number: 1 }]);
        Assert.Equal(1, _bench.Journal.Active);
        Assert.Empty(_bench.Journal.History);
        Assert.Null(_bench.Journal.Probation);
        Assert.NotNull(_bench.Store.Find("web", 2));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_fails_its_checks_is_rolled_back_too()
    {
        await _bench.DisposeAsync();
        _bench = new DeploymentBench(options => options with
        {
            Probation = TimeSpan.FromMinutes(10),
            Health = options.Health with { Interval = TimeSpan.FromMilliseconds(10), Failures = 2 },
        });
        await _bench.DeployAsync("v1");
        var status = 200;
        await _bench.DeployAsync("v2", () => Volatile.Read(ref status));

        Volatile.Write(ref status, 500);

        await Eventually.TrueAsync(() => _bench.App.Active is { Release.Number: 1 });
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_the_workers_kept_warm_hang_by_then_fresh_ones_of_the_same_release_serve()
    {
        await _bench.DisposeAsync();
        _bench = new DeploymentBench(options => options with
        {
            Probation = TimeSpan.FromMinutes(10),
            Health = options.Health with { Timeout = TimeSpan.FromMilliseconds(100) },
        });
        var status = 200;
        await _bench.DeployAsync("v1", () => Volatile.Read(ref status));
        var hanging = _bench.App.Active!.Workers[0];
        await DeploymentBench.ReachedAsync(await _bench.DeployAsync("v2"), "completed");
        Volatile.Write(ref status, 500);

        await DeploymentBench.CrashAsync(_bench.App.Active!.Workers[0]);

        await Eventually.TrueAsync(() => _bench.App.Live.Any(live => live is { Release.Number: 1, Role: ReleaseRole.Candidate } && live.Workers.Any(worker => worker != hanging)));
        var fresh = _bench.App.Live.Last(live => live.Release.Number == 1);
        _bench.Answer(fresh.Workers[0]);
        await _bench.InRotationAsync(fresh.Workers[0]);
        await hanging.Process.Exited.WaitAsync(Token);
        await Eventually.TrueAsync(() => _bench.App.Live is [{ Role: ReleaseRole.Active, Release.Number: 1 }]);
        Assert.Equal(fresh.Generation, _bench.Journal.ActiveGeneration);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deployment_that_still_waits_for_the_drain_ends_as_rolled_back_with_the_reason()
    {
        await _bench.DeployAsync("v1");
        using var lease = (await _bench.App.Upstream.AcquireAsync(Token)).Lease!;
        var deployment = await _bench.DeployAsync("v2");

        await DeploymentBench.CrashAsync(_bench.App.Active!.Workers[0]);

        var told = await DeploymentBench.ReachedAsync(deployment, "rolledback");
        Assert.Equal("worker web.2.1 ended: killed by SIGKILL", told.Reason);
        Assert.Equal((137, 1, 2), (told.ExitCode, told.StillActive, told.Release));
        Assert.True(deployment.IsOver);
        // What the first release had all the time goes on there.
        Assert.False(lease.WasCut);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_release_that_passes_lets_go_of_the_one_before()
    {
        await _bench.DisposeAsync();
        _bench = OnProbationFor(TimeSpan.FromMilliseconds(300));
        await _bench.DeployAsync("v1");
        var old = _bench.App.Active!;
        await _bench.DeployAsync("v2");
        Assert.NotEqual(ReleaseRole.Retired, old.Role);

        await Eventually.TrueAsync(() => _bench.App.Live is [{ Role: ReleaseRole.Active, Release.Number: 2 }]);

        Assert.True(old.Workers[0].Process.WasToldToStop);
        await Eventually.TrueAsync(() => _bench.Journal.Probation is null);
        await DeploymentBench.CrashAsync(_bench.App.Active!.Workers[0]);
        await _bench.InRotationAsync();
        Assert.Equal(2, _bench.App.Active!.Release.Number);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rollback_by_hand_ends_it()
    {
        await _bench.DeployAsync("v1");
        await _bench.DeployAsync("v2");
        var probation = _bench.App.Probation!;

        await DeploymentBench.ReachedAsync(_bench.Begin(new DeploymentRequest.Rollback(null)), "completed");

        Assert.IsType<ProbationOutcome.Superseded>(await probation.Outcome);
        Assert.Null(_bench.App.Probation);
        Assert.Null(_bench.Journal.Probation);
        Assert.Equal(1, _bench.App.Active!.Release.Number);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_next_deployment_lets_go_of_what_was_kept_for_the_one_before()
    {
        for (var release = 1; release <= 4; release++)
        {
            await _bench.DeployAsync($"v{release}");
        }

        await Eventually.TrueAsync(() => _bench.App.Live is [{ Role: ReleaseRole.Standby, Release.Number: 3 }, { Role: ReleaseRole.Active, Release.Number: 4 }]);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failure_while_the_next_release_is_on_its_way_is_answered_by_whichever_comes_first()
    {
        await _bench.DeployAsync("v1");
        await _bench.DeployAsync("v2");
        var second = _bench.App.Active!;
        var probation = _bench.App.Probation!;
        var third = _bench.BeginDeploy("v3");
        await DeploymentBench.ReachedAsync(third, "probing");

        await DeploymentBench.CrashAsync(second.Workers[0]);
        Assert.IsType<ProbationOutcome.Failed>(await probation.Outcome.WaitAsync(Token));
        await _bench.AnswerAsync(third);

        await DeploymentBench.ReachedAsync(third, "completed");
        Assert.False(await probation.RolledBack);
        Assert.Equal(3, _bench.App.Active!.Release.Number);
        Assert.Equal(3, _bench.Journal.Active);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("first")]
    [InlineData("restart")]
    [InlineData("rollback")]
    public async Task Only_what_is_new_and_replaces_something_is_on_probation(string what)
    {
        await _bench.DeployAsync("v1");
        if (what == "rollback")
        {
            await _bench.DeployAsync("v2");
        }

        if (what != "first")
        {
            var deployment = _bench.Begin(what == "rollback" ? new DeploymentRequest.Rollback(null) : new DeploymentRequest.Restart());
            if (what == "restart")
            {
                await _bench.AnswerAsync(deployment);
            }

            await DeploymentBench.ReachedAsync(deployment, "switched");
        }

        Assert.Null(_bench.App.Probation);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_replaces_a_release_that_does_not_serve_has_nothing_to_go_back_to()
    {
        await _bench.DeployAsync("v1");
        await DeploymentBench.CrashAsync(_bench.App.Active!.Workers[0]);
        await _bench.InRotationAsync();

        await _bench.DeployAsync("v2");

        Assert.Null(_bench.App.Probation);
    }

    private static DeploymentBench OnProbationFor(TimeSpan time) => new(options => options with { Probation = time });
}
