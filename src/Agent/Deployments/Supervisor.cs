using BlueGreen.Agent.Deployments.Roles;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>Keeps the workers of active releases running, those this front launched and those it found alike.</summary>
internal sealed class Supervisor(
    WorkerFactory factory, WorkerJournal journal, RetirementRunner retirement, AllRoles roles, ILogger<Supervisor> logger, TimeProvider time)
{
    /// <summary>
    /// Begins to look after a release that is active: each of its workers is watched, and replaced when it dies or fails its checks;
    /// one that has not passed its health gate yet has to first.
    /// </summary>
    /// <param name="app">Its app.</param>
    /// <param name="live">The release.</param>
    /// <param name="atLeast">How many workers it needs.</param>
    public void Keep(App app, LiveRelease live, int atLeast)
    {
        var supervision = new Supervision();
        live.Supervision = supervision;
        foreach (var worker in live.Workers)
        {
            supervision.Add(NewKeeper(app, live), worker);
        }

        while (supervision.Places < atLeast)
        {
            supervision.Add(NewKeeper(app, live), worker: null);
        }
    }

    /// <summary>Changes how many workers an active release has. Those that are too many finish what they have.</summary>
    /// <param name="app">Its app; no deployment is on its way to a switch.</param>
    /// <param name="live">The release.</param>
    /// <param name="instances">How many it is to have; at least 1.</param>
    public void Scale(App app, LiveRelease live, int instances)
    {
        if (live.Supervision is not { } supervision)
        {
            return;
        }

        while (supervision.Places < instances && supervision.Add(NewKeeper(app, live), worker: null))
        {
        }

        while (supervision.Places > instances && supervision.TakeLast() is { } leaving)
        {
            live.FollowDrain(leaving);
        }
    }

    private WorkerKeeper NewKeeper(App app, LiveRelease live) => new(app, live, factory, journal, retirement, roles.Of(app), logger, time);
}
