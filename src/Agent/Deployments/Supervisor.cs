using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>Keeps the workers of active releases running, those this front launched and those it found alike.</summary>
internal sealed class Supervisor(
    WorkerFactory factory, WorkerJournal journal, RetirementRunner retirement, ILogger<Supervisor> logger, TimeProvider time)
{
    /// <summary>
    /// Begins to look after a release that is active: each of its workers is watched, and replaced when it dies or fails its checks;
    /// one that has not passed its health gate yet has to first.
    /// </summary>
    /// <param name="app">Its app.</param>
    /// <param name="live">The release.</param>
    /// <param name="missing">How many workers it needs besides those it has.</param>
    public void Keep(App app, LiveRelease live, int missing = 0)
    {
        var supervision = new Supervision();
        live.Supervision = supervision;
        foreach (var worker in live.Workers)
        {
            supervision.Add(over => NewKeeper(app, live).KeepAsync(worker, over));
        }

        for (var i = 0; i < missing; i++)
        {
            supervision.Add(over => NewKeeper(app, live).KeepAsync(null, over));
        }
    }

    private WorkerKeeper NewKeeper(App app, LiveRelease live) => new(app, live, factory, journal, retirement, logger, time);
}
