using System.Collections.Concurrent;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.State;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Watching;

/// <summary>The watches of all apps. Changed by the front's start and by reloads, one at a time; asked by anybody.</summary>
internal sealed class SourceWatches(
    SourceStager stager, AppDemands demands, StateFile state, DeploymentCoordinator coordinator, ILogger<SourceWatches> logger, TimeProvider time,
    CancellationToken stopping)
{
    private readonly ConcurrentDictionary<App, SourceWatch> _watches = new();

    /// <summary>Makes the watched apps those that there are.</summary>
    public void Configure(IReadOnlyList<App> apps)
    {
        foreach (var gone in _watches.Keys.Except(apps))
        {
            if (_watches.TryRemove(gone, out var watch))
            {
                coordinator.Follow(watch.EndAsync());
            }
        }

        foreach (var app in apps)
        {
            Of(app).Reconfigure();
        }
    }

    /// <summary>The watch of an app.</summary>
    public SourceWatch Of(App app) => _watches.GetOrAdd(app, added => new SourceWatch(
        added, new SourceCheck(added, stager, demands, state, coordinator, logger, time), coordinator, logger, time, stopping));

    /// <summary>
    /// Deploys again what an app's source has: a path in any case, since whoever asks has just written there; another machine's only if
    /// it is not what serves.
    /// </summary>
    public void Redeploy(App app)
    {
        if (coordinator.SourceOf(app) is { IsLocal: false })
        {
            Of(app).Order();
        }
        else
        {
            coordinator.Redeploy(app);
        }
    }

    /// <summary>Ends all of them.</summary>
    public Task EndAsync() => Task.WhenAll(_watches.Values.Select(watch => watch.EndAsync()));
}
