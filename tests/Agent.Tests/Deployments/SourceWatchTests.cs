using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Watching;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Harness.Origins;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class SourceWatchTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private GitHubServer _server = null!;
    private DeploymentBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await GitHubServer.StartAsync();
        _bench = new DeploymentBench(app => app with
        {
            Source = new SourceOptions
            {
                Address = new SourceAddress.GitHub("acme", "web", null),
                Every = TimeSpan.FromMinutes(1),
                Deploy = NewContent.Notify,
                GitHub = new GitHubOptions { Api = new Uri(_server.Url, "api/v3/") },
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_source_is_left_alone_until_its_limit_is_renewed()
    {
        _server.Remaining = 0;
        _server.Reset = _time.GetUtcNow().AddMinutes(20);
        using var stopping = new CancellationTokenSource();
        var watch = Watch(stopping.Token);
        _time.Advance(TimeSpan.FromSeconds(67));
        await Eventually.TrueAsync(() => watch.Last is { Result: LookResult.Failed });
        var asked = _server.Requests.Count;

        for (var minute = 0; minute < 15; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.Equal(asked, _server.Requests.Count);
        _server.Remaining = 60;
        _server.Publish("v1", false, ("run", "#!/bin/sh\n"u8.ToArray()));
        _time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.TrueAsync(() => watch.Last is { Result: LookResult.Available, Label: "v1" });
        await stopping.CancelAsync();
        await watch.EndAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task Looks_are_a_tenth_more_or_less_apart()
    {
        using var stopping = new CancellationTokenSource();
        var watch = Watch(stopping.Token);
        for (var look = 0; look < 5; look++)
        {
            var before = watch.Last;
            _time.Advance(TimeSpan.FromSeconds(53));
            await Task.Yield();
            Assert.Same(before, watch.Last);
            _time.Advance(TimeSpan.FromSeconds(14));
            await Eventually.TrueAsync(() => !ReferenceEquals(before, watch.Last));
            // The next pause begins a moment after the look is over.
            await Task.Delay(50, Token);
        }

        await stopping.CancelAsync();
        await watch.EndAsync();
    }

    private SourceWatch Watch(CancellationToken stopping)
    {
        var stager = new SourceStager(_bench.Store, _time, new SourceRetries(_time));
        var log = new CapturedLog<SourceWatches>();
        return new SourceWatch(
            _bench.App, new SourceCheck(_bench.App, stager, new AppDemands(_bench.Store, _bench.State), _bench.State, _bench.Coordinator, log, _time), _bench.Coordinator, log, _time, stopping);
    }
}
