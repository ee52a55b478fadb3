using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>
/// The roles of one app's workers, and which of them leads. Never more than one: nobody is told to lead before the one who may still believe
/// that it does has acknowledged that it does not, or has ended. One change at a time.
/// </summary>
internal sealed class AppRoles(App app, RoleServices services)
{
    /// <summary>How long to wait before a worker that did not acknowledge is asked again, outside of deployments.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _over = new();
    private volatile LiveRelease? _electorate;
    private volatile LiveWorker? _leader;
    private Task _ghost = Task.CompletedTask;
    private bool _isLeaderUnknown;
    private long _generation;
    private int _wanted;

    /// <summary>The worker that leads, or may believe that it does; null: none.</summary>
    public LiveWorker? Leader => app.Options.Roles is null || _leader is not { } leader || leader.Process.Exited.IsCompleted ? null : leader;

    /// <summary>The generation of its leadership.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>Tells the workers of a candidate that they are on standby: whoever does not acknowledge that would not acknowledge more.</summary>
    /// <param name="candidate">Its workers are healthy.</param>
    /// <param name="cancel">The deployment is given up.</param>
    /// <returns>Null when all have acknowledged it.</returns>
    public async Task<DeploymentFailure?> PrepareAsync(LiveRelease candidate, CancellationToken cancel)
    {
        if (app.Options.Roles is null)
        {
            return null;
        }

        await _changing.WaitAsync(cancel);
        try
        {
            return await TellAllAsync(candidate, candidate.Workers, WorkerRole.Standby, cancel);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Makes the workers of a candidate active, and one of them the leader in the place of the one before.</summary>
    /// <param name="candidate">It is about to be switched to.</param>
    /// <param name="mayKill">The one before is killed where it does not give up its lead.</param>
    /// <param name="cancel">The deployment is given up.</param>
    /// <returns>Null when that is so; else <see cref="ReturnTo"/> has to follow, once the candidate's workers have ended.</returns>
    public async Task<DeploymentFailure?> HandOverAsync(LiveRelease candidate, bool mayKill, CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel);
        try
        {
            _electorate = candidate;
            if (Choose(candidate) is not { } chosen)
            {
                return null;
            }

            return await TellAllAsync(candidate, candidate.Workers.Where(worker => worker != chosen), WorkerRole.Active, cancel)
                ?? await TakeLeadAsync(mayKill, cancel)
                ?? await GiveLeadAsync(candidate, chosen, cancel);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>A release gets the requests.</summary>
    /// <param name="active">The release.</param>
    /// <param name="replaced">The one that got them until then, if any.</param>
    public void SwitchedTo(LiveRelease active, LiveRelease? replaced)
    {
        _electorate = active;
        if (replaced is not null)
        {
            Tell(replaced, WorkerRole.Draining);
        }

        Refresh();
    }

    /// <summary>A release is active again, or still, since another one did not become so.</summary>
    public void ReturnTo(LiveRelease? active)
    {
        _electorate = active;
        Refresh();
    }

    /// <summary>Tells the workers of a release another role, in the background; nothing depends on whether they acknowledge it.</summary>
    /// <param name="live">It does not get requests any more.</param>
    /// <param name="role">Draining or standby.</param>
    public void Tell(LiveRelease live, WorkerRole role)
    {
        if (app.Options.Roles is not null)
        {
            _ = TellLaterAsync();
        }

        async Task TellLaterAsync()
        {
            if (!await TryBeginChangeAsync())
            {
                return;
            }

            try
            {
                if (live != _electorate)
                {
                    await TellAllAsync(live, live.Workers.Where(worker => worker.Told?.Role != role), role, _over.Token);
                }
            }
            catch (OperationCanceledException)
            {
            }
            finally
            {
                _changing.Release();
            }
        }
    }

    /// <summary>Goes on with what an earlier front has left: it has written down who leads, and each worker's file says what that was told.</summary>
    /// <param name="active">The release that serves.</param>
    /// <param name="known">The leader that front has written down.</param>
    /// <param name="others">Workers that are being stopped, by id, with their ends.</param>
    public void Adopt(LiveRelease active, JournaledLeader? known, IReadOnlyDictionary<string, Task> others)
    {
        _electorate = active;
        var living = app.Live.SelectMany(live => live.Workers).DistinctBy(worker => worker.Process.Id).ToDictionary(worker => worker.Process.Id);
        var told = living.Keys.Concat(others.Keys).Distinct()
            .Select(id => (Worker: id, Message: services.Channel.Told(id))).Where(one => one.Message is not null).ToArray();
        services.Generations.Skip(app.Name, told.Select(one => one.Message!.Generation).Append(known?.Generation ?? 0).Max());
        var leader = told.Where(one => one.Message!.Leader).Select(one => (one.Worker, one.Message!.Generation))
            .Append((Worker: known?.Worker ?? "", Generation: known?.Generation ?? -1)).MaxBy(one => one.Generation).Worker;
        _leader = living.GetValueOrDefault(leader);
        _ghost = others.GetValueOrDefault(leader, Task.CompletedTask);
        _isLeaderUnknown = known is null && told.Length < living.Count;
        Refresh();
    }

    /// <summary>Takes a change among the workers, or of the options, into account, in the background.</summary>
    public void Refresh()
    {
        if (app.Options.Roles is not null && Interlocked.Increment(ref _wanted) == 1)
        {
            _ = Task.Run(RefreshWhileWantedAsync);
        }
    }

    /// <summary>Nobody is told anything any more, and nothing is written, once the returned task has completed.</summary>
    public async Task EndAsync()
    {
        await _over.CancelAsync();
        // Never given back.
        await _changing.WaitAsync();
    }

    private async Task RefreshWhileWantedAsync()
    {
        for (var wanted = 1; wanted > 0; wanted = Interlocked.Add(ref _wanted, -wanted))
        {
            wanted = Volatile.Read(ref _wanted);
            if (!await TryBeginChangeAsync())
            {
                return;
            }

            var isDone = false;
            try
            {
                isDone = app.Options.Roles is null || _electorate is not { } live || await SettleAsync(live, _over.Token);
            }
            catch (OperationCanceledException) when (_over.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                services.Logger.LogError(e, "The roles of the workers of {App} could not be settled: unexpected error; trying again", app.Name);
            }
            finally
            {
                _changing.Release();
            }

            if (!isDone)
            {
                await Task.Delay(Pause, services.Time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Interlocked.Increment(ref _wanted);
            }
        }
    }

    /// <returns>False when it is over.</returns>
    private async Task<bool> TryBeginChangeAsync()
    {
        try
        {
            await _ghost.WaitAsync(_over.Token);
            await _changing.WaitAsync(_over.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Every worker of the release that serves is to be active, and one the leader.</summary>
    /// <returns>False when one has not acknowledged that.</returns>
    private async Task<bool> SettleAsync(LiveRelease live, CancellationToken cancel)
    {
        if (live.Role is not (ReleaseRole.Active or ReleaseRole.Candidate) || Choose(live) is not { } chosen)
        {
            return true;
        }

        if (_isLeaderUnknown)
        {
            // Whoever it is: afterwards nobody leads.
            foreach (var other in app.Live)
            {
                var role = other == live ? WorkerRole.Active : WorkerRole.Draining;
                if (await TellAllAsync(other, other.Workers.Where(worker => worker != chosen), role, cancel) is not null)
                {
                    return false;
                }
            }

            _isLeaderUnknown = false;
        }

        var isNew = chosen != _leader || chosen.Told is not { Leader: true };
        if (chosen != _leader && await TakeLeadAsync(mayKill: false, cancel) is not null)
        {
            return false;
        }

        if (isNew && await GiveLeadAsync(live, chosen, cancel) is not null)
        {
            return false;
        }

        var others = live.Workers.Where(worker => worker != chosen && IsFit(worker) && worker.Told?.Role != WorkerRole.Active);
        return await TellAllAsync(live, others, WorkerRole.Active, cancel) is null;
    }

    /// <summary>Who is to lead a release: who does, as long as it is fit or nobody else is; else the first that is fit.</summary>
    private LiveWorker? Choose(LiveRelease live)
    {
        var isOurs = _leader is { } leader && live.Workers.Contains(leader) && !leader.Process.Exited.IsCompleted;
        return isOurs && IsFit(_leader!) ? _leader : live.Workers.FirstOrDefault(IsFit) ?? (isOurs ? _leader : null);
    }

    private static bool IsFit(LiveWorker worker) => worker.Process.State == WorkerState.Healthy && !worker.IsReplaced;

    /// <summary>Afterwards nobody believes that it leads.</summary>
    private async Task<DeploymentFailure?> TakeLeadAsync(bool mayKill, CancellationToken cancel)
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
            switch (await TellAsync(old, message, cancel))
            {
                case RoleAnswer.Silent when mayKill:
                    services.Logger.LogWarning("Worker {Worker} of {App}, whose release is rolled back, does not give up its lead: killing it",
                        old.Process.Id, app.Name);
                    await old.Process.StopAsync(TimeSpan.Zero, cancel);
                    break;
                case RoleAnswer.Silent silent when Failure(old, message, silent) is { } failure:
                    return failure;
                default:
                    break;
            }
        }

        Lead(null, 0);
        return null;
    }

    private async Task<DeploymentFailure?> GiveLeadAsync(LiveRelease live, LiveWorker worker, CancellationToken cancel)
    {
        var message = new RoleMessage(WorkerRole.Active, services.Generations.Take(app.Name), live.Release.Number, Leader: true);
        Lead(worker, message.Generation);
        switch (await TellAsync(worker, message, cancel))
        {
            case RoleAnswer.Ended:
                Lead(null, 0);
                return CandidateStart.EndedBeforeTheSwitch(worker.Process);
            case RoleAnswer.Silent silent when Failure(worker, message, silent) is { } failure:
                // It may lead all the same: nobody else is told to before it has ended, or acknowledged that it does not.
                return failure;
            default:
                services.Logger.LogInformation("Worker {Worker} of {App} release {Release} leads, generation {Generation}",
                    worker.Process.Id, app.Name, live.Release.Number, message.Generation);
                return null;
        }
    }

    /// <summary>Tells all of some workers at once.</summary>
    private async Task<DeploymentFailure?> TellAllAsync(LiveRelease live, IEnumerable<LiveWorker> workers, WorkerRole role, CancellationToken cancel)
    {
        var message = new RoleMessage(role, services.Generations.Last(app.Name), live.Release.Number, Leader: false);
        var failures = await Task.WhenAll(workers.Select(async worker => await TellAsync(worker, message, cancel) switch
        {
            RoleAnswer.Silent silent => Failure(worker, message, silent),
            // Whoever needs it finds that out.
            _ => null,
        }));
        return failures.FirstOrDefault(failure => failure is not null);
    }

    private async Task<RoleAnswer> TellAsync(LiveWorker worker, RoleMessage message, CancellationToken cancel)
    {
        if (worker.Told is null)
        {
            _ = worker.Process.Exited.ContinueWith(
                _ => services.Channel.Forget(worker.Process), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        worker.Told = message;
        var answer = await services.Channel.TellAsync(worker.Process, message, app.Options.Roles ?? new RoleOptions(), cancel);
        if (answer is RoleAnswer.Silent)
        {
            // So that it is told again.
            worker.Told = message with { Role = WorkerRole.Standby, Leader = false };
        }

        return answer;
    }

    /// <summary>What did not happen is logged.</summary>
    /// <returns>Null where things go on all the same.</returns>
    private DeploymentFailure? Failure(LiveWorker worker, RoleMessage message, RoleAnswer.Silent silent)
    {
        var options = app.Options.Roles ?? new RoleOptions();
        var reason = $"worker {worker.Process.Id} did not acknowledge that it is {message.Description} within "
            + $"{options.Timeout.TotalSeconds:0.###} s (roles.timeout): {silent.Last}";
        services.Logger.LogWarning("{App}: {Reason}", app.Name, reason);
        return options.OnTimeout == OnRoleTimeout.Continue ? null : new DeploymentFailure(reason, Output: worker.Process.Log.Tail(CandidateStart.OutputLines));
    }

    /// <summary>Written down before the worker is told: a front that comes after this one knows who may believe that it leads.</summary>
    private void Lead(LiveWorker? worker, long generation)
    {
        _leader = worker;
        Volatile.Write(ref _generation, generation);
        services.State.TryUpdate(app.Name, before => before with
        {
            Leader = worker is null ? null : new JournaledLeader(worker.Process.Id, generation),
        });
    }
}
