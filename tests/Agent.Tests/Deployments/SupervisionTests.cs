using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Workers;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class SupervisionTests : IAsyncDisposable
{
    private DeploymentBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_dies_is_replaced_and_requests_wait_meanwhile()
    {
        await _bench.DeployAsync("v1");
        var live = _bench.App.Active!;
        var first = Assert.Single(live.Workers);

        await DeploymentBench.CrashAsync(first);
        await _bench.InRotationAsync();
        var held = _bench.App.Upstream.AcquireAsync(Token).AsTask();
        var second = await DeploymentBench.NextWorkerAsync(live, first);
        Assert.False(held.IsCompleted);
        _bench.Answer(second);

        using var lease = (await held).Lease!;
        Assert.Equal(second.Process.Id, lease.Backend.Id);
        Assert.Equal((0, 1), (first.Restarts, second.Restarts));
        Assert.Equal([second], live.Workers);
        Assert.Equal(second.Process.Pid, Assert.Single(_bench.Journal.Workers).Pid);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_dies_while_it_starts_is_replaced_too()
    {
        await _bench.DeployAsync("v1");
        var live = _bench.App.Active!;
        var first = live.Workers[0];

        await DeploymentBench.CrashAsync(first);
        var second = await DeploymentBench.NextWorkerAsync(live, first);
        await DeploymentBench.CrashAsync(second);
        var third = await DeploymentBench.NextWorkerAsync(live, first, second);
        _bench.Answer(third);

        await _bench.InRotationAsync(third);
        Assert.Equal(2, third.Restarts);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_there_are_two_the_other_takes_all_requests_meanwhile()
    {
        await UseAsync(options => options with { Instances = 2 });
        await _bench.DeployAsync("v1");
        var live = _bench.App.Active!;
        var (dying, other) = (live.Workers[0], live.Workers[1]);

        await DeploymentBench.CrashAsync(dying);

        await _bench.InRotationAsync(other);
        var next = await DeploymentBench.NextWorkerAsync(live, dying, other);
        _bench.Answer(next);
        await _bench.InRotationAsync(other, next);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_fails_its_checks_leaves_the_rotation_and_is_replaced_and_stopped()
    {
        await UseAsync(options => Quick(options) with { Instances = 2 });
        var status = 200;
        var (live, sick, other) = await TwoWorkersAsync(() => Volatile.Read(ref status));

        Volatile.Write(ref status, 500);
        await _bench.InRotationAsync(other);
        Assert.Equal(WorkerState.Unhealthy, sick.Process.State);
        var next = await DeploymentBench.NextWorkerAsync(live, sick, other);
        Assert.False(sick.Process.Exited.IsCompleted);
        _bench.Answer(next);

        await _bench.InRotationAsync(other, next);
        await sick.Process.Exited.WaitAsync(Token);
        await Eventually.TrueAsync(() => !live.Workers.Contains(sick));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_unhealthy_worker_has_is_not_cut_when_it_is_replaced()
    {
        await UseAsync(options => Quick(options) with { Instances = 2 });
        var status = 200;
        var (live, sick, other) = await TwoWorkersAsync(() => Volatile.Read(ref status));
        RequestLease[] leases = [await ClaimAsync(), await ClaimAsync()];
        var onSick = leases.Single(lease => lease.Backend.Id == sick.Process.Id);
        leases.Single(lease => lease != onSick).Dispose();

        Volatile.Write(ref status, 500);
        var next = await DeploymentBench.NextWorkerAsync(live, sick, other);
        _bench.Answer(next);
        await _bench.InRotationAsync(other, next);

        Assert.Equal(1, sick.InFlight.Total);
        Assert.False(sick.Process.Exited.IsCompleted);
        onSick.Dispose();
        await sick.Process.Exited.WaitAsync(Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_unhealthy_worker_that_dies_while_its_successor_starts_is_forgotten()
    {
        await UseAsync(options => Quick(options) with { Instances = 2 });
        var status = 200;
        var (live, sick, other) = await TwoWorkersAsync(() => Volatile.Read(ref status));
        Volatile.Write(ref status, 500);
        var next = await DeploymentBench.NextWorkerAsync(live, sick, other);

        await DeploymentBench.CrashAsync(sick);
        _bench.Answer(next);

        await _bench.InRotationAsync(other, next);
        await Eventually.TrueAsync(() => !live.Workers.Contains(sick));
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_all_are_unhealthy_requests_go_to_them_all_the_same()
    {
        await UseAsync(Quick);
        var status = 200;
        await _bench.DeployAsync("v1", () => Volatile.Read(ref status));
        var only = _bench.App.Active!.Workers[0];

        Volatile.Write(ref status, 500);

        await Eventually.TrueAsync(() => _bench.App.Rotation.IsDegraded);
        await _bench.InRotationAsync(only);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_recovers_before_it_is_replaced_serves_on()
    {
        await UseAsync(Quick);
        var status = 200;
        await _bench.DeployAsync("v1", () => Volatile.Read(ref status));
        var live = _bench.App.Active!;
        var only = live.Workers[0];
        Volatile.Write(ref status, 500);
        await Eventually.TrueAsync(() => only.Process.State == WorkerState.Unhealthy);

        Volatile.Write(ref status, 200);

        await Eventually.TrueAsync(() => only.Process.State == WorkerState.Healthy && !_bench.App.Rotation.IsDegraded);
        await _bench.InRotationAsync(only);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_workers_of_a_replaced_release_are_not_started_again()
    {
        await _bench.DeployAsync("v1");
        var old = _bench.App.Active!;
        using var lease = await ClaimAsync();
        await _bench.DeployAsync("v2");
        Assert.Equal(ReleaseRole.Draining, old.Role);

        await DeploymentBench.CrashAsync(old.Workers[0]);
        lease.Dispose();

        await Eventually.TrueAsync(() => _bench.App.Live is [{ Role: ReleaseRole.Active }]);
        Assert.Single(old.Workers);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_that_is_gone_is_tried_again_until_it_is_back()
    {
        await _bench.DeployAsync("v1");
        var live = _bench.App.Active!;
        var first = live.Workers[0];
        var program = Directory.GetFiles(live.Release.Directory).Single();
        File.Move(program, program + ".away");
        await DeploymentBench.CrashAsync(first);
        await _bench.InRotationAsync();
        await Eventually.TrueAsync(() => live.Workers.All(worker => worker.Process.Exited.IsCompleted));

        File.Move(program + ".away", program);

        LiveWorker? next = null;
        await Eventually.TrueAsync(() => (next = live.Workers.FirstOrDefault(worker => !worker.Process.Exited.IsCompleted)) is not null);
        _bench.Answer(next!);
        await _bench.InRotationAsync(next!);
    }

    private static AppOptions Quick(AppOptions options) =>
        options with { Health = options.Health with { Interval = TimeSpan.FromMilliseconds(10), Failures = 2 } };

    private async Task UseAsync(Func<AppOptions, AppOptions> change)
    {
        await _bench.DisposeAsync();
        _bench = new DeploymentBench(change);
    }

    private async Task<RequestLease> ClaimAsync() => (await _bench.App.Upstream.AcquireAsync(Token)).Lease!;

    private async Task<(LiveRelease Live, LiveWorker First, LiveWorker Other)> TwoWorkersAsync(Func<int> statusOfFirst)
    {
        var deployment = _bench.BeginDeploy("v1");
        await DeploymentBench.ReachedAsync(deployment, "probing");
        var live = Assert.Single(_bench.App.Live);
        _bench.Answer(live.Workers[0], statusOfFirst);
        _bench.Answer(live.Workers[1]);
        await DeploymentBench.ReachedAsync(deployment, "switched");
        return (live, live.Workers[0], live.Workers[1]);
    }
}
