using System.Collections.Concurrent;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.State;
using BlueGreen.Proxy;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Hosting;

/// <summary>The end of a front, or of one of its apps: finish what is in flight, then stop the workers. No process survives it.</summary>
internal sealed class FrontShutdown(
    ProxyServer proxy,
    AppRegistry apps,
    DeploymentCoordinator coordinator,
    RetirementRunner retirement,
    BackgroundProcesses processes,
    AllRoles roles,
    StateFile state,
    ILogger<FrontShutdown> logger,
    TimeProvider time)
{
    /// <summary>After the last request has ended, for connections to deliver what is on its way to their clients.</summary>
    private static readonly TimeSpan LastBytes = TimeSpan.FromSeconds(3);

    /// <summary>Besides the deadlines of the steps: theirs are not the only moments of work.</summary>
    private static readonly TimeSpan Room = TimeSpan.FromSeconds(15);

    /// <summary>Apps that a reload has removed, with the end of each. Those of long ago go when others come.</summary>
    private readonly ConcurrentDictionary<App, Task> _removed = new();

    /// <summary>How long <see cref="RunAsync"/> may take: the longest drain, the time workers have after SIGTERM, and that of hooks.</summary>
    public TimeSpan Longest
    {
        get
        {
            var patience = Patience;
            var hooks = apps.All.Select(app => app.Options.Hooks.Longest).DefaultIfEmpty().Max();
            return Room + hooks + apps.All.Concat(_removed.Keys).Select(app => app.Options.Drain)
                .Select(drain => (drain.Streams > patience ? drain.Streams : patience) + drain.Stop)
                .DefaultIfEmpty().Max();
        }
    }

    /// <summary>How long ordinary requests of any app are waited for.</summary>
    private TimeSpan Patience => apps.All.Select(app => app.Options.Drain.Requests).DefaultIfEmpty().Max();

    /// <summary>
    /// Stops accepting, lets connections finish until the longest drain deadline of any app, cuts the rest, stops all workers.
    /// </summary>
    /// <param name="hurry">Cuts and kills at once.</param>
    public async Task RunAsync(CancellationToken hurry)
    {
        foreach (var app in apps.All)
        {
            processes.Of(app).End();
        }

        using var abort = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        var connections = proxy.StopAsync(abort.Token);
        // While connections close, each after its request, their requests still find a worker; only then are the workers taken away.
        var patience = Patience;
        await connections.WaitAsync(patience, time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll([.. apps.All.Select(app => RetireAsync(app, alreadyWaited: patience)), .. _removed.Values]);
        // No request is left. A connection that still is has a client that does not read, or that has sent half a request.
        await connections.WaitAsync(LastBytes, time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await abort.CancelAsync();
        await connections.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The last request has written its line.
        await Task.WhenAll(apps.All.Select(app => app.AccessLog.CloseAsync()));
        await coordinator.WhenIdleAsync();
    }

    /// <summary>Takes an app out of service that is not configured any more. The end of the front waits for the end of this.</summary>
    public void Remove(App app)
    {
        foreach (var (gone, _) in _removed.Where(known => known.Value.IsCompleted))
        {
            _removed.TryRemove(gone, out _);
        }

        _removed[app] = RetireForGoodAsync(app);
    }

    private async Task RetireForGoodAsync(App app)
    {
        await RetireAsync(app);
        processes.Forget(app);
        roles.Forget(app);
        await app.AccessLog.CloseAsync();
    }

    /// <summary>Takes an app out of service: its active release drains, all its workers stop.</summary>
    /// <param name="app">The app; it gets no new requests.</param>
    /// <param name="alreadyWaited">How long its requests have been waited for already.</param>
    private async Task RetireAsync(App app, TimeSpan alreadyWaited = default)
    {
        foreach (var command in app.RunOnce)
        {
            command.Stop(RunOnceEnd.Stopping);
        }

        do
        {
            app.Probation?.Supersede();
            ForgetProbation(app);
            app.Rotation.Clear();
            processes.Of(app).End();
            if (app.Active is { } active && active.TryBeginRetirement(out var reclaimed))
            {
                await retirement.DrainAsync(app, active, reclaimed, alreadyWaited);
            }

            await coordinator.WhenIdleAsync(app);
        }
        while (app.Active is not null); // A deployment that was past its point of no return has made another one active.

        await Task.WhenAll(app.Live.Select(live => live.RetirementEnd).Append(processes.Of(app).SettledAsync()));
        await roles.Of(app).EndAsync();
        logger.LogInformation("{App} is out of service", app.Name);
    }

    /// <summary>
    /// A release that is stopped in order has not failed: the next front starts it, and not the one before. Written down before its
    /// workers are told to stop, since this front can be killed before the last of them has.
    /// </summary>
    private void ForgetProbation(App app) =>
        state.TryUpdate(app.Name, before => before.Probation is null ? before : before with { Probation = null });
}
