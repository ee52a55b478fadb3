using System.Collections.Immutable;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Takes up an app where an earlier front left it: adopts the workers that serve, finishes or discards what was under way, stops what
/// belongs to nothing, and starts what is missing.
/// </summary>
internal sealed class Recovery(DeploymentServices services, DeploymentCoordinator coordinator, StopTokens stop, ILogger<Recovery> logger)
{
    private readonly ProcessRecovery _processes = new(services.Processes, services.Processes.Services.Factory.State);

    /// <summary>Recovers one app; its requests wait meanwhile.</summary>
    /// <param name="app">The app.</param>
    /// <param name="running">The processes that call themselves its workers.</param>
    /// <param name="processes">Those that call themselves its processes of other types.</param>
    /// <returns>False when it has no release that could serve.</returns>
    public bool TryRecover(App app, IReadOnlyList<RunningWorker> running, IReadOnlyList<RunningProcess> processes)
    {
        var before = Known(app, running);
        services.Generations.Skip(app.Name, before.Generation);
        _processes.Adopt(app, processes, before);
        var living = WatchEach(JournaledWorkers.With(running, app.Name, before.Workers));
        var plan = RecoveryPlan.Of(before, living.Keys, services.Time.GetUtcNow());
        Tell(app, before, plan);
        services.Witness.RecordInterrupted(app.Name, before);
        if (plan.Discarded is { } discarded)
        {
            plan = Discard(app, before, plan, discarded);
        }

        foreach (var worker in plan.Unowned)
        {
            Stop(app, worker, living[worker]);
        }

        if (TryServe(app, before, plan, living))
        {
            services.Processes.Of(app).Follow(app.Active!);
            return true;
        }

        services.Processes.Of(app).End();
        return false;
    }

    /// <summary>Stops a worker of an app that there is no more.</summary>
    public void StopStray(RunningWorker worker)
    {
        if (services.Factory.Watch(worker) is { } process)
        {
            Stop(null, worker, process);
        }
    }

    /// <summary>The same for a process of another type.</summary>
    public void StopStray(RunningProcess process) => coordinator.Follow(_processes.StopStrayAsync(process));

    /// <summary>
    /// Ends what an earlier front has begun to run once: what it was for is over. Checks and hooks are killed, and waited for; what may
    /// have to take something back has its time for that, while the front goes on.
    /// </summary>
    /// <param name="found">The processes.</param>
    /// <param name="graceOf">The time they have, by app.</param>
    public Task StopTasksAsync(IReadOnlyList<RunningTask> found, Func<string, TimeSpan> graceOf)
    {
        var known = found.Select(task => task.Identity).ToHashSet();
        var journaled =
            from app in services.State.Current.Apps
            let phase = app.Value.Deployment?.ReleasePhase
            where phase is not null
            let identity = new ProcessIdentity(phase.Pid, phase.StartTicks, phase.BootId)
            where !known.Contains(identity) && ProcessIdentity.Of(phase.Pid) == identity
            select new RunningTask(ProcessTypes.Release, app.Key, identity);
        var killed = new List<Task>();
        foreach (var task in found.Concat(journaled))
        {
            if (task.Task is ProcessTypes.Release or RunningCommand.TaskName)
            {
                var gone = StopTaskAsync(task, graceOf(task.App));
                services.Leftovers.Add(task.App, gone);
                coordinator.Follow(gone);
            }
            else
            {
                killed.Add(StopTaskAsync(task, TimeSpan.Zero));
            }
        }

        return Task.WhenAll(killed);
    }

    private async Task StopTaskAsync(RunningTask task, TimeSpan grace)
    {
        try
        {
            if (WorkerProcess.Adopt(task.Identity, services.Time) is { } process)
            {
                logger.LogWarning("Ending {Task} of {App} (pid {Pid}), which an earlier front has left behind", task.Task, task.App, process.Pid);
                await process.StopAsync(grace, stop.Hurry);
            }
        }
        catch (IOException e)
        {
            logger.LogError("{Task} of {App} (pid {Pid}) of an earlier front is left to itself: {Reason}", task.Task, task.App, task.Identity.Pid, e.Message);
        }
    }

    /// <summary>Removes the release of a deployment that was cut off; not under the feet of its release phase, where that is still ending.</summary>
    /// <returns>The plan; where the release stays for now, so does the deployment in the journal, lest nobody remembers to remove it.</returns>
    private RecoveryPlan Discard(App app, AppState before, RecoveryPlan plan, int release)
    {
        var gone = services.Leftovers.GoneAsync(app.Name);
        if (gone.IsCompleted)
        {
            services.Store.Delete(app.Name, release);
            return plan;
        }

        coordinator.Follow(DiscardLaterAsync());
        return plan with { Journal = plan.Journal with { Deployment = before.Deployment } };

        async Task DiscardLaterAsync()
        {
            await gone;
            services.Store.Delete(app.Name, release);
            services.State.TryUpdate(app.Name, now => now.Deployment == before.Deployment ? now with { Deployment = null } : now);
        }
    }

    private void Stop(App? app, RunningWorker worker, WorkerProcess process)
    {
        logger.LogWarning("Stopping worker {Worker} (pid {Pid}), which an earlier front has left behind and nothing needs", worker.Id, process.Pid);
        coordinator.Follow(process.StopAsync((app?.Options ?? new AppOptions()).Drain.Stop, stop.Hurry));
    }

    /// <summary>
    /// Watches each before anything is decided by its life: one that has died a moment ago does not count, one that dies from now on is
    /// seen to.
    /// </summary>
    private Dictionary<RunningWorker, WorkerProcess> WatchEach(IReadOnlyList<RunningWorker> workers)
    {
        var living = new Dictionary<RunningWorker, WorkerProcess>();
        foreach (var worker in workers)
        {
            services.Factory.Reserve(worker);
            if (services.Factory.Watch(worker) is { } process)
            {
                living.Add(worker, process);
            }
        }

        return living;
    }

    /// <summary>What the state says of an app, or where it is lost or old, what the store and the processes do.</summary>
    private AppState Known(App app, IReadOnlyList<RunningWorker> running)
    {
        var (state, store) = (services.State, services.Store);
        if (state.Loss.Outdated.Contains(app.Name))
        {
            return StateRebuild.Amend(state.Current.App(app.Name), store.List(app.Name), store.MarkedActive(app.Name), running);
        }

        var highest = store.HighestNumber(app.Name);
        if (state.Current.Apps.ContainsKey(app.Name) || (highest == 0 && running.Count == 0))
        {
            return state.Current.App(app.Name);
        }

        var rebuilt = StateRebuild.Of(app.Name, store.List(app.Name), store.MarkedActive(app.Name), highest, running, services.Time.GetUtcNow());
        logger.LogError("The state of {App} is lost; by its stored releases and living workers, release {Release} was the active one", app.Name, rebuilt.Active);
        return rebuilt;
    }

    private void Tell(App app, AppState before, RecoveryPlan plan)
    {
        if (before.Deployment is { } cut)
        {
            logger.LogWarning("The {Kind} of {App} was cut off at {Step} by the end of an earlier front: its candidate is discarded", cut.Kind, app.Name, cut.Step);
        }

        if (plan.RolledBackFrom is { } failed)
        {
            logger.LogError("No worker of {App} release {Release}, which was on probation, has survived: rolling back to release {Fallback}",
                app.Name, failed, plan.Journal.Active);
            if (services.Store.Find(app.Name, failed) is { } release)
            {
                var failure = new DeploymentFailure("none of its workers has survived the end of an earlier front");
                coordinator.Follow(services.Witness.RolledBackAsync(app, release, plan.Journal.Active!.Value, failure));
            }
        }
    }

    private bool TryServe(App app, AppState before, RecoveryPlan plan, Dictionary<RunningWorker, WorkerProcess> living)
    {
        var journal = plan.Journal;
        if (journal.Active is not { } active)
        {
            Journal(app, journal);
            return false;
        }

        if (services.Store.Find(app.Name, active) is not { } release)
        {
            logger.LogError("The active release {Release} of {App} is not in the store any more; deploy again, or roll back", active, app.Name);
            if (RollbackTarget.Find(journal, services.Store.List(app.Name)) is not { } target)
            {
                Journal(app, journal);
                return false;
            }

            logger.LogError("{App} goes back to release {Release}", app.Name, target.Number);
            (release, journal) = (target, journal with { Active = target.Number, History = RollbackTarget.HistoryAfter(journal, target.Number) });
            foreach (var worker in plan.Serving)
            {
                Stop(app, worker, living[worker]);
            }

            plan = plan with { Serving = [] };
        }

        // Workers that are started anew are a switch attempt of their own; the living keep what they were told.
        var generation = plan.Serving.IsEmpty ? services.Generations.Next(app.Name) : journal.ActiveGeneration!.Value;
        var live = new LiveRelease(release, generation, services.Time, ReleaseRole.Active);
        var warm = Warm(app, plan, before, living);
        Adopt(app, live, plan.Serving, before, living);
        Journal(app, journal.WithGeneration(generation) with { ActiveGeneration = generation });
        app.Rotation.SwitchTo(live);
        services.Supervisor.Keep(app, live, journal.Wanted(ProcessTypes.Web, app.Options.Instances));
        services.Roles.Of(app).Adopt(
            live, before.Leader, plan.Unowned.DistinctBy(worker => worker.Id).ToDictionary(worker => worker.Id, worker => (Task)living[worker].Exited));
        if (warm is not null)
        {
            ContinueProbation(app, live, warm, journal.Probation!);
        }

        return true;
    }

    private void Adopt(
        App app, LiveRelease live, ImmutableArray<RunningWorker> workers, AppState before, Dictionary<RunningWorker, WorkerProcess> living)
    {
        foreach (var worker in workers)
        {
            var restarts = before.Workers.FirstOrDefault(known => known.Id == worker.Id)?.Restarts ?? 0;
            live.Put(services.Factory.Adopt(worker, living[worker], live.Release, restarts));
        }

        app.Add(live);
    }

    /// <summary>The release that the one on probation would be rolled back to; null when there is no probation to go on with.</summary>
    private LiveRelease? Warm(App app, RecoveryPlan plan, AppState before, Dictionary<RunningWorker, WorkerProcess> living)
    {
        if (plan.Journal.Probation is not { } probation || services.Store.Find(app.Name, probation.Fallback) is not { } release)
        {
            foreach (var worker in plan.Warm)
            {
                Stop(app, worker, living[worker]);
            }

            return null;
        }

        var warm = new LiveRelease(release, probation.FallbackGeneration, services.Time, ReleaseRole.Draining);
        Adopt(app, warm, plan.Warm, before, living);
        foreach (var worker in warm.Workers)
        {
            worker.Process.BecomeHealthy();
        }

        return warm;
    }

    private void ContinueProbation(App app, LiveRelease live, LiveRelease warm, JournaledProbation journaled)
    {
        app.Probation = new Probation(live, journaled.Until, journaled.Fallback, journaled.FallbackGeneration, services.Time);
        coordinator.Follow(app, app.Probation);
        services.Retirement.Resume(app, warm);
    }

    private void Journal(App app, AppState next) =>
        services.State.TryUpdate(app.Name, _ => next with { Workers = WorkerJournal.WorkersOf(app) });
}
