using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>Deletes old releases of an app, with their logs: none that is live, wanted, active, in use by a process or what a rollback would go back to.</summary>
internal sealed class Pruning(ReleaseStore store, StateFile state, StateDirectory directory, ILogger<Pruning> logger)
{
    /// <summary>Prunes.</summary>
    /// <param name="app">The app.</param>
    /// <param name="keep">How many of the newest stay.</param>
    /// <param name="besides">A live release that is on its way out and counts no more.</param>
    /// <returns>What was deleted. What could not be is logged.</returns>
    public IReadOnlyList<int> Prune(App app, int keep, LiveRelease? besides = null)
    {
        try
        {
            var inUse = InUse(app, besides);
            var pruned = store.Prune(app.Name, keep, inUse);
            foreach (var number in pruned)
            {
                logger.LogInformation("Pruned {App} release {Release}", app.Name, number);
            }

            var oldest = store.List(app.Name).Select(release => release.Number).Concat(inUse).DefaultIfEmpty(0).Min();
            new WorkerLogs(directory.LogsOf(app.Name)).RemoveBefore(oldest);
            return pruned;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ReleaseException)
        {
            logger.LogWarning("Cannot prune old releases of {App}: {Reason}", app.Name, e.Message);
            return [];
        }
    }

    private HashSet<int> InUse(App app, LiveRelease? besides)
    {
        var known = state.Current.App(app.Name);
        var live = app.Live.Where(live => live != besides).Select(live => (int?)live.Release.Number);
        var commands = app.RunOnce.Select(command => (int?)command.Release.Number);
        var processes = known.Processes.Select(process => (int?)process.Release);
        return [.. live.Concat(commands).Concat(processes).Append(known.Active).Append(app.Wanted).Append(RollbackTarget.Find(known, store.List(app.Name))?.Number).OfType<int>()];
    }
}
