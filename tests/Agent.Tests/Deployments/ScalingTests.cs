using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class ScalingTests : IAsyncDisposable
{
    private readonly DeploymentBench _bench = new(options => options with
    {
        Processes = new Dictionary<string, ProcessTypeOptions> { ["queue"] = new() { Singleton = false } },
    });

    private Scaling Scaling => new(_bench.Services, _bench.Coordinator);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task More_and_fewer_processes_of_a_type_run_at_once_and_after_the_next_deploy()
    {
        await DeployAsync("v1");

        Assert.Null(Scale(("queue", 3), ("cron", 0)));
        await Eventually.TrueAsync(() => Types().SequenceEqual(["queue", "queue", "queue"]));

        await DeployAsync("v2");
        await Eventually.TrueAsync(() => Types().SequenceEqual(["queue", "queue", "queue"]));
        Assert.Equal(new Dictionary<string, int> { ["cron"] = 0, ["queue"] = 3, ["web"] = 1 }, Scaling.Of(_bench.App));

        Assert.Null(Scale(("queue", null), ("cron", null)));
        await Eventually.TrueAsync(() => Types().SequenceEqual(["cron", "queue"]));
        Assert.Empty(_bench.Journal.Scale);
    }

    [Fact(Timeout = 60_000)]
    public async Task Workers_are_added_and_finish_what_they_have_before_they_go()
    {
        await DeployAsync("v1");
        var live = _bench.App.Active!;
        var first = live.Workers[0];

        Assert.Null(Scale(("web", 2)));
        var second = await DeploymentBench.NextWorkerAsync(live, first);
        _bench.Answer(second);
        await _bench.InRotationAsync(first, second);

        var token = TestContext.Current.CancellationToken;
        RequestLease[] leases = [(await _bench.App.Upstream.AcquireAsync(token)).Lease!, (await _bench.App.Upstream.AcquireAsync(token)).Lease!];
        var busy = leases.Single(lease => lease.Backend.Id == second.Process.Id);
        leases.Single(lease => lease != busy).Dispose();
        Assert.Null(Scale(("web", 1)));
        await _bench.InRotationAsync(first);
        Assert.False(second.Process.Exited.IsCompleted);
        busy.Dispose();
        await second.Process.Exited.WaitAsync(token);
        await Eventually.TrueAsync(() => live.Workers.SequenceEqual([first]));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_is_not_healthy_yet_goes_too()
    {
        await DeployAsync("v1");
        var live = _bench.App.Active!;
        Assert.Null(Scale(("web", 2)));
        var second = await DeploymentBench.NextWorkerAsync(live, live.Workers[0]);

        Assert.Null(Scale(("web", 1)));

        await second.Process.Exited.WaitAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => live.Workers.Length == 1);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_next_release_has_as_many_workers()
    {
        await DeployAsync("v1");
        Assert.Null(Scale(("web", 3)));

        await DeployAsync("v2");

        Assert.Equal(3, _bench.App.Active!.Workers.Length);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("web", 0, "web can be 1 to 100, not 0")]
    [InlineData("queue", 101, "queue can be 0 to 100, not 101")]
    [InlineData("cron", 2, "cron is a singleton: 0 or 1 of it; 'singleton: false' in the configuration lets more run")]
    [InlineData("release", 1, "release 1 of web has no process type 'release' to scale; it has web, cron, queue")]
    [InlineData("corn", 1, "release 1 of web has no process type 'corn' to scale; it has web, cron, queue")]
    public async Task What_cannot_be_is_refused_and_changes_nothing(string type, int count, string reason)
    {
        await DeployAsync("v1");

        Assert.Equal(reason, Scale((type, count), ("queue", 5)));

        Assert.Empty(_bench.Journal.Scale);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_refused_while_there_is_no_release_and_while_one_is_deployed()
    {
        Assert.Equal("web has no active release; deploy one first", Scale(("web", 2)));

        var deployment = _bench.BeginDeploy("v1");
        await DeploymentBench.ReachedAsync(deployment, "probing");
        Assert.StartsWith("another deployment of web is running", Scale(("web", 2)), StringComparison.Ordinal);
        await _bench.AnswerAsync(deployment);
    }

    private async Task DeployAsync(string name) => await DeploymentBench.ReachedAsync(
        await _bench.DeployAsync(name, procfile: "cron: sleep 600\nqueue: sleep 600\nrelease: true"), "completed");

    private string? Scale(params (string Type, int? Count)[] types) =>
        Scaling.Scale(_bench.App, types.DistinctBy(type => type.Type).ToDictionary(type => type.Type, type => type.Count))?.Reason;

    private IEnumerable<string> Types() => _bench.Processes.Of(_bench.App).Living.Where(process => !process.WasToldToStop).Select(process => process.Type);
}
