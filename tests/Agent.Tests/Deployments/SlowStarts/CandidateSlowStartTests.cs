using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.WarmUps;
using BlueGreen.Agent.Tests.Deployments.WarmUps;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Tests.Deployments.SlowStarts;

public sealed class CandidateSlowStartTests : IAsyncDisposable
{
    private DeploymentBench? _bench;

    private DeploymentBench Bench => _bench!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task The_candidate_gets_ever_more_requests_and_the_switch_comes_at_the_end()
    {
        Use(TimeSpan.FromSeconds(3));
        await Bench.DeployAsync("v1");
        var old = Bench.App.Active!;

        var deployment = Bench.BeginDeploy("v2");
        await Bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "warming");
        await Bench.InRotationAsync(old.Workers[0], Candidate.Workers[0]);
        Assert.Equal((1, "warming"), (Bench.Journal.Active, Bench.Journal.Deployment!.Step));
        Assert.Same(old, Bench.App.Active);
        var backend = Candidate.Workers[0].Backend;
        var told = await deployment.ReadEventsAsync(Token).ToListAsync(Token);

        Assert.Equal([0, 25, 50, 75], told.Where(one => one.Event == "warming").Select(one => one.Share));
        Assert.True(told.Single(one => one.Event == "switched").ElapsedMs >= 3000);
        Assert.Equal(2, Bench.Journal.Active);
        // It was in rotation and stays so.
        Assert.Same(backend, Assert.Single(Bench.App.Upstream.Split.Backends));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_candidate_that_dies_is_withdrawn_and_the_old_release_has_all_again()
    {
        Use(TimeSpan.FromMinutes(10));
        await Bench.DeployAsync("v1");
        var old = Bench.App.Active!;

        var deployment = Bench.BeginDeploy("v2", "echo out of memory\n" + DeploymentBench.Sleep);
        await Bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "warming");
        await Bench.InRotationAsync(old.Workers[0], Candidate.Workers[0]);
        await DeploymentBench.CrashAsync(Candidate.Workers[0]);
        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");

        Assert.StartsWith("worker web.2.1 ended during its slow start: killed by SIGKILL after ", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(("warming", 137, 1, 0, 0), (failed.Step, failed.ExitCode, failed.StillActive, failed.Drained, failed.Cut));
        Assert.Equal(["out of memory"], failed.Output);
        Assert.Same(old.Workers[0].Backend, Assert.Single(Bench.App.Upstream.Split.Backends));
        Assert.Same(old, Assert.Single(Bench.App.Live));
        Assert.Equal((1, null), (Bench.Journal.Active, Bench.Journal.Deployment));
        Assert.Null(Bench.Store.Find("web", 2));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_fails_its_checks_finishes_what_it_has_first()
    {
        Use(TimeSpan.FromSeconds(20), options => options with
        {
            Health = options.Health with { Interval = TimeSpan.FromMilliseconds(20), Failures = 2 },
        });
        await Bench.DeployAsync("v1");
        var status = 200;

        var deployment = Bench.BeginDeploy("v2");
        await Bench.AnswerAsync(deployment, () => Volatile.Read(ref status));
        await DeploymentBench.ReachedAsync(deployment, "warming");
        var worker = Candidate.Workers[0];
        var held = await ClaimOfAsync(worker);
        Volatile.Write(ref status, 503);
        await Eventually.TrueAsync(() => !Bench.App.Upstream.Split.Backends.Any(backend => backend.Id == worker.Process.Id));
        Assert.False(worker.Process.WasToldToStop);
        held.Dispose();
        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");

        Assert.Equal("worker web.2.1 failed 2 checks in a row during its slow start: GET / answered 503", failed.Reason);
        Assert.Equal((1, 0), (failed.Drained, failed.Cut));
        Assert.True(worker.Process.WasToldToStop);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_timeout_of_a_deployment_includes_it()
    {
        Use(TimeSpan.FromMinutes(10));
        await Bench.DeployAsync("v1");
        var old = Bench.App.Active!;

        var deployment = Bench.Begin(new DeploymentRequest.Deploy(Bench.Address("v2"), null, null) { Timeout = TimeSpan.FromSeconds(5) });
        await Bench.AnswerAsync(deployment);
        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");

        Assert.Equal("it had not switched within 5 s (--timeout); it was still at warming", failed.Reason);
        await Bench.InRotationAsync(old.Workers[0]);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_app_that_is_taken_out_of_service_meanwhile_gets_no_requests_back()
    {
        Use(TimeSpan.FromSeconds(3));
        await Bench.DeployAsync("v1");
        var deployment = Bench.BeginDeploy("v2");
        await Bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "warming");
        var candidate = Candidate;
        await Eventually.TrueAsync(() => candidate.Workers[0].Backend is not null);

        Bench.App.Rotation.Clear();
        Bench.App.Rotation.Refresh(candidate);

        Assert.Empty(Bench.App.Upstream.Split.Backends);
        Assert.False(Bench.App.Rotation.Withdraw(candidate));
        await DeploymentBench.ReachedAsync(deployment, "switched");
    }

    [Fact(Timeout = 60_000)]
    public async Task While_the_old_release_has_no_worker_the_candidate_serves()
    {
        Use(TimeSpan.FromSeconds(5));
        await Bench.DeployAsync("v1");
        var old = Bench.App.Active!;
        var deployment = Bench.BeginDeploy("v2");
        await Bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "warming");
        var candidate = Candidate;

        await DeploymentBench.CrashAsync(old.Workers[0]);

        await Bench.InRotationAsync(candidate.Workers[0]);
        await DeploymentBench.ReachedAsync(deployment, "switched");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_first_release_and_one_that_is_gone_back_to_get_all_at_once_but_a_restart_is_slow_too()
    {
        Use(TimeSpan.FromMilliseconds(200));
        Assert.DoesNotContain("warming", await NamesAsync(await Bench.DeployAsync("v1")));
        Assert.Contains("warming", await NamesAsync(await Bench.DeployAsync("v2")));

        var restart = Bench.Begin(new DeploymentRequest.Restart());
        await Bench.AnswerAsync(restart);
        Assert.Contains("warming", await NamesAsync(restart));
        await Eventually.TrueAsync(() => Bench.App.Live is [{ Role: ReleaseRole.Active }]);

        var back = Bench.Begin(new DeploymentRequest.Rollback(null));
        await Bench.AnswerAsync(back);
        Assert.DoesNotContain("warming", await NamesAsync(back));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_comes_after_the_warm_up()
    {
        Use(TimeSpan.FromMilliseconds(200), options => options with { WarmUp = new WarmUpOptions { Requests = [new("GET", "/")], Rounds = 1 } });
        await Bench.DeployAsync("v1");

        var deployment = Bench.BeginDeploy("v2");
        await DeploymentBench.ReachedAsync(deployment, "probing");
        await using var worker = await WarmWorker.StartAsync(Candidate.Workers[0].Process.EndPoint, _ => 200);
        var told = await deployment.ReadEventsAsync(Token).ToListAsync(Token);

        Assert.Equal(
            [(1, null, null), (null, 1, null), (null, null, 0), (null, null, 25), (null, null, 50), (null, null, 75)],
            told.Where(one => one.Event == "warming").Select(one => (one.Requests, one.Answered, one.Share)));
    }

    private LiveRelease Candidate => Assert.Single(Bench.App.Live, live => live.Role == ReleaseRole.Candidate);

    private void Use(TimeSpan slowStart, Func<AppOptions, AppOptions>? change = null) => _bench = new DeploymentBench(options =>
    {
        options = options with { SlowStart = slowStart };
        return change?.Invoke(options) ?? options;
    });

    private static async Task<IReadOnlyList<string>> NamesAsync(Deployment deployment) =>
        await deployment.ReadEventsAsync(Token).Select(told => told.Event).ToListAsync(Token);

    /// <summary>Asks until a request comes to a worker.</summary>
    private async Task<RequestLease> ClaimOfAsync(LiveWorker worker)
    {
        while (true)
        {
            var lease = (await Bench.App.Upstream.AcquireAsync(Token)).Lease!;
            if (lease.Backend.Id == worker.Process.Id)
            {
                return lease;
            }

            lease.Dispose();
            await Task.Delay(5, Token);
        }
    }
}
