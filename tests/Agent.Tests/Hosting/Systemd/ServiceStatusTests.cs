using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Systemd;
using BlueGreen.Agent.Tests.Deployments;

namespace BlueGreen.Agent.Tests.Hosting.Systemd;

public sealed class ServiceStatusTests : IAsyncDisposable
{
    private readonly DeploymentBench _bench = new();

    private ServiceStatus Status => new(_bench.Apps, _bench.Coordinator, _bench.State);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task It_says_what_serves_and_with_how_many_of_its_workers()
    {
        _bench.Apps.Configure([_bench.App.Options with { Instances = 2 }]);
        await _bench.DeployAsync("v1");
        Assert.Equal("web: release 1 (v1) serves with 2 workers", Status.Serving());

        _bench.App.Upstream.Switch(_bench.App.Upstream.Split.Backends[..1]);
        Assert.Equal("web: release 1 (v1) serves with 1 of 2 workers", Status.Serving());

        _bench.App.Upstream.Switch([]);
        Assert.Equal("web: release 1 does not serve", Status.Serving());
    }

    [Fact(Timeout = 30_000)]
    public async Task It_says_what_is_on_its_way()
    {
        await _bench.DeployAsync("v1");
        await DeploymentBench.ReachedAsync(_bench.Begin(new DeploymentRequest.Restart()), "probing");

        Assert.Equal("web: release 1 (v1) serves with 1 worker, restarting release 1 (probing)", Status.Serving());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_label_cannot_begin_another_assignment()
    {
        var deployment = _bench.Begin(new DeploymentRequest.Deploy(_bench.Address("v1"), "v1\nSTOPPING=1", Command: null));
        await _bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "switched");

        Assert.Equal("web: release 1 (v1 STOPPING=1) serves with 1 worker", Status.Serving());
    }

    [Fact]
    public void The_line_of_a_hundred_apps_is_cut()
    {
        _bench.Apps.Configure([.. Enumerable.Range(0, 100).Select(number => new AppOptions { Name = $"app-{number}", Hosts = [$"h{number}"] })]);

        Assert.Equal(1004, Status.Serving().Length);
        Assert.EndsWith(" ...", Status.Serving(), StringComparison.Ordinal);
        _bench.Apps.Configure([new AppOptions()]);
    }

    [Fact]
    public void A_front_that_stops_says_so()
    {
        Assert.Equal("stopping", Status.Stopping());
    }
}
