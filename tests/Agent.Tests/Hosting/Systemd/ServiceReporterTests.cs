using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Systemd;
using BlueGreen.Agent.Tests.Deployments;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Hosting.Systemd;

public sealed class ServiceReporterTests : IAsyncDisposable
{
    private const string MoreTimeToStart = "EXTEND_TIMEOUT_USEC=30000000";

    private static readonly TimeSpan EagerLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly DeploymentBench _bench = new();
    private readonly FakeNotifier _told = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CapturedLog<ServiceReporter> _log = new();
    private readonly ServiceReporter _reporter;

    public ServiceReporterTests()
    {
        _reporter = new ServiceReporter(
            new ServiceNotifier(_told, _log), new ServiceStatus(_bench.Apps, _bench.Coordinator, _bench.State), _bench.Apps, _bench.Coordinator, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _reporter.Dispose();
        await _bench.DisposeAsync();
    }

    [Fact(Timeout = 30_000)]
    public void A_front_with_nothing_to_start_is_ready_at_once()
    {
        _reporter.Start();

        Assert.Equal(["READY=1\nSTATUS=web: nothing serves"], _told.Messages);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_front_is_ready_when_its_first_release_serves_and_not_before()
    {
        var deployment = _bench.BeginDeploy("v1");
        await DeploymentBench.ReachedAsync(deployment, "probing");
        _reporter.Start();
        _time.Advance(Look);
        Assert.Equal(["STATUS=web: deploying release 1 (probing)", MoreTimeToStart], _told.Take());

        await _bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "completed");
        _time.Advance(EagerLook);

        Assert.Equal(["READY=1\nSTATUS=web: release 1 (v1) serves with 1 worker"], _told.Take());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_first_release_that_fails_keeps_nobody_waiting()
    {
        var deployment = _bench.BeginDeploy("v1", "exit 3\n");
        _reporter.Start();
        await DeploymentBench.ReachedAsync(deployment, "failed");
        _time.Advance(EagerLook);

        Assert.Equal("READY=1\nSTATUS=web: nothing serves", _told.Messages[^1]);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_app_that_serves_does_not_make_up_for_one_that_is_starting()
    {
        await _bench.DeployAsync("v1");
        // After the bench's own in the alphabet: that one it takes down itself.
        _bench.Apps.Configure([_bench.App.Options, new AppOptions { Name = "zoo", Hosts = ["zoo.example.com"] }]);
        var zoo = _bench.Apps.Find("zoo")!;
        var (begun, _) = _bench.Coordinator.Begin(
            zoo, new DeploymentRequest.Deploy(_bench.Address("z1"), Label: null, Command: null));
        await DeploymentBench.ReachedAsync(begun!, "probing");

        _reporter.Start();

        Assert.Equal("STATUS=web: release 1 (v1) serves with 1 worker; zoo: deploying release 1 (probing)", _told.Messages[0]);
        Assert.DoesNotContain(_told.Messages, message => message.StartsWith("READY=1", StringComparison.Ordinal));
        await Task.WhenAll(zoo.Live.SelectMany(live => live.Workers).Select(worker => worker.Process.StopAsync(TimeSpan.Zero)));
        await DeploymentBench.ReachedAsync(begun!, "failed");
        _time.Advance(EagerLook);
        Assert.Equal("READY=1\nSTATUS=web: release 1 (v1) serves with 1 worker; zoo: nothing serves", _told.Messages[^1]);
    }

    [Fact(Timeout = 30_000)]
    public async Task More_time_is_asked_for_again_and_again_while_a_first_release_is_on_its_way()
    {
        await DeploymentBench.ReachedAsync(_bench.BeginDeploy("v1"), "probing");
        _reporter.Start();
        _told.Take();

        for (var second = 0; second < 30; second++)
        {
            _time.Advance(Look);
        }

        Assert.Equal([MoreTimeToStart, MoreTimeToStart, MoreTimeToStart], _told.Messages);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_status_is_sent_when_it_has_changed_and_only_then()
    {
        await _bench.DeployAsync("v1");
        _reporter.Start();
        _told.Take();
        _time.Advance(10 * Look);
        Assert.Empty(_told.Messages);

        await DeploymentBench.ReachedAsync(_bench.BeginDeploy("v2"), "probing");
        _time.Advance(Look);
        _time.Advance(Look);

        Assert.Equal(["STATUS=web: release 1 (v1) serves with 1 worker, deploying release 2 (probing)"], _told.Messages);
    }

    [Fact]
    public void A_reload_is_told_before_and_after_with_the_time_it_began()
    {
        _reporter.Start();
        _told.Take();
        _time.Advance(TimeSpan.FromMinutes(1));
        var began = (long)_time.GetElapsedTime(0).TotalMicroseconds;

        var report = _reporter.Reload(() =>
        {
            Assert.Equal([$"RELOADING=1\nMONOTONIC_USEC={began}"], _told.Take());
            return "done";
        });

        Assert.Equal("done", report);
        Assert.Equal(["READY=1"], _told.Messages);
    }

    [Fact]
    public void A_reload_that_fails_does_not_stay_a_reload()
    {
        _reporter.Start();

        Assert.Throws<IOException>(() => _reporter.Reload<int>(() => throw new IOException()));

        Assert.Equal("READY=1", _told.Messages[^1]);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reload_does_not_make_a_front_ready_that_is_not()
    {
        await DeploymentBench.ReachedAsync(_bench.BeginDeploy("v1"), "probing");
        _reporter.Start();
        _told.Take();

        _reporter.Reload(() => 0);

        Assert.Empty(_told.Messages);
    }

    [Fact]
    public void The_end_is_told_with_the_time_it_may_take_and_nothing_after_it_takes_it_back()
    {
        _reporter.Start();
        _told.Take();

        _reporter.Stopping(TimeSpan.FromSeconds(85));
        _reporter.Reload(() => 0);
        _time.Advance(Look);

        Assert.Equal(["STOPPING=1\nSTATUS=stopping", "EXTEND_TIMEOUT_USEC=85000000"], _told.Messages);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_front_told_to_stop_while_it_starts_is_not_ready_after_that()
    {
        var deployment = _bench.BeginDeploy("v1", "exit 3\n");
        _reporter.Start();
        _reporter.Stopping(Look);
        _told.Take();
        await DeploymentBench.ReachedAsync(deployment, "failed");

        _time.Advance(Look);

        Assert.Empty(_told.Messages);
    }

    [Fact]
    public void What_cannot_be_sent_is_sent_at_a_later_look_and_logged_once()
    {
        _told.IsUnreachable = true;
        _reporter.Start();
        _time.Advance(Look);
        Assert.Equal("Warning: The service manager cannot be told anything: no such socket", Assert.Single(_log.Lines));

        _told.IsUnreachable = false;
        _time.Advance(EagerLook);

        Assert.Equal(["READY=1\nSTATUS=web: nothing serves"], _told.Messages);
    }

    [Fact]
    public void Nothing_is_told_after_the_end()
    {
        _reporter.Start();
        _told.Take();
        _reporter.Dispose();
        _bench.Apps.Configure([_bench.App.Options, new AppOptions { Name = "zoo", Hosts = ["zoo.example.com"] }]);

        _time.Advance(10 * Look);

        Assert.Empty(_told.Messages);
    }
}
