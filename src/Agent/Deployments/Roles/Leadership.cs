using BlueGreen.Agent.State;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>
/// Who leads an app. Nobody is told to before the one who may still believe that it does has acknowledged that it does not, or has ended; and
/// before anybody is told, it is written down. One call at a time.
/// </summary>
internal sealed class Leadership(App app, RoleTeller teller, RoleServices services)
{
    private volatile LiveWorker? _leader;
    private Task _ghost = Task.CompletedTask;
    private long _generation;

    /// <summary>The worker that leads, or may believe that it does; null: none. It may have ended.</summary>
    public LiveWorker? Leader => _leader;

    /// <summary>The generation of its leadership.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>Whether no trace tells who leads, of workers that an earlier front has started: each of them may.</summary>
    public bool IsUnknown { get; private set; }

    /// <summary>Completes when whoever led before, and is being stopped, has ended.</summary>
    public Task GhostGone => _ghost;

    /// <summary>Goes on with what an earlier front has left: it has written down who leads, and each worker's file says what that was told.</summary>
    /// <param name="known">The leader that front has written down.</param>
    /// <param name="others">Workers that are being stopped, by id, with their ends.</param>
    public void Adopt(JournaledLeader? known, IReadOnlyDictionary<string, Task> others)
    {
        var living = app.Live.SelectMany(live => live.Workers).DistinctBy(worker => worker.Process.Id).ToDictionary(worker => worker.Process.Id);
        var told = living.Keys.Concat(others.Keys).Distinct()
            .Select(id => (Worker: id, Message: services.Channel.Told(id))).Where(one => one.Message is not null).ToArray();
        services.Generations.Skip(app.Name, told.Select(one => one.Message!.Generation).Append(known?.Generation ?? 0).Max());
        var leader = told.Where(one => one.Message!.Leader).Select(one => (one.Worker, one.Message!.Generation))
            .Append((Worker: known?.Worker ?? "", Generation: known?.Generation ?? -1)).MaxBy(one => one.Generation).Worker;
        _leader = living.GetValueOrDefault(leader);
        _ghost = others.GetValueOrDefault(leader, Task.CompletedTask);
        IsUnknown = known is null && told.Length < living.Count;
    }

    /// <summary>Who is to lead a release: who does, as long as it is fit or nobody else is; else the first that is fit. Null: nobody can.</summary>
    public LiveWorker? Choose(LiveRelease live)
    {
        var isOurs = _leader is { } leader && live.Workers.Contains(leader) && !leader.Process.Exited.IsCompleted;
        return isOurs && IsFit(_leader!) ? _leader : live.Workers.FirstOrDefault(IsFit) ?? (isOurs ? _leader : null);
    }

    /// <summary>Whether a worker is well, and stays.</summary>
    public static bool IsFit(LiveWorker worker) => worker.Process.State == Workers.WorkerState.Healthy && !worker.IsReplaced;

    /// <summary>Tells all that live, but for one, that they do not lead.</summary>
    /// <param name="live">The release that serves.</param>
    /// <param name="but">Who is to lead.</param>
    /// <param name="cancel">It is given up.</param>
    /// <returns>False when one has not acknowledged that.</returns>
    public async Task<bool> DisownAsync(LiveRelease live, LiveWorker but, CancellationToken cancel)
    {
        foreach (var other in app.Live)
        {
            var role = other == live ? WorkerRole.Active : WorkerRole.Draining;
            if (await teller.TellAllAsync(other, other.Workers.Where(worker => worker != but), role, cancel) is not null)
            {
                return false;
            }
        }

        IsUnknown = false;
        return true;
    }

    /// <summary>Takes the lead from whoever has it.</summary>
    /// <param name="mayKill">It is killed where it does not acknowledge that.</param>
    /// <param name="cancel">It is given up; who leads is as before, or nobody does.</param>
    /// <returns>Null when nobody believes any more that it leads.</returns>
    public async Task<DeploymentFailure?> TakeAsync(bool mayKill, CancellationToken cancel)
    {
        await _ghost.WaitAsync(cancel);
        if (_leader is not { } old)
        {
            return null;
        }

        if (!old.Process.Exited.IsCompleted)
        {
            var release = app.Live.FirstOrDefault(live => live.Workers.Contains(old))?.Release.Number ?? 0;
            var message = new RoleMessage(WorkerRole.Draining, services.Generations.Take(app.Name), release, Leader: false);
            switch (await teller.TellAsync(old, message, cancel))
            {
                case RoleAnswer.Silent when mayKill:
                    services.Logger.LogWarning("Worker {Worker} of {App}, whose release is rolled back, does not give up its lead: killing it",
                        old.Process.Id, app.Name);
                    await old.Process.StopAsync(TimeSpan.Zero, cancel);
                    break;
                case RoleAnswer.Silent silent when teller.Failure(old, message, silent) is { } failure:
                    return failure;
                default:
                    break;
            }
        }

        Set(null, 0);
        return null;
    }

    /// <summary>Gives the lead, which nobody has, to a worker.</summary>
    /// <param name="live">Its release.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="cancel">It is given up; the worker may believe that it leads.</param>
    /// <returns>Null when it has acknowledged that. Else it may believe it all the same, unless it has ended.</returns>
    public async Task<DeploymentFailure?> GiveAsync(LiveRelease live, LiveWorker worker, CancellationToken cancel)
    {
        var message = new RoleMessage(WorkerRole.Active, services.Generations.Take(app.Name), live.Release.Number, Leader: true);
        Set(worker, message.Generation);
        switch (await teller.TellAsync(worker, message, cancel))
        {
            case RoleAnswer.Ended:
                Set(null, 0);
                return CandidateStart.EndedBeforeTheSwitch(worker.Process);
            case RoleAnswer.Silent silent when teller.Failure(worker, message, silent) is { } failure:
                return failure;
            default:
                services.Logger.LogInformation("Worker {Worker} of {App} release {Release} leads, generation {Generation}",
                    worker.Process.Id, app.Name, live.Release.Number, message.Generation);
                return null;
        }
    }

    private void Set(LiveWorker? worker, long generation)
    {
        _leader = worker;
        Volatile.Write(ref _generation, generation);
        services.State.TryUpdate(app.Name, before => before with
        {
            Leader = worker is null ? null : new JournaledLeader(worker.Process.Id, generation),
        });
    }
}
