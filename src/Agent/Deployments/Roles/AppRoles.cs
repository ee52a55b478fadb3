using BlueGreen.Agent.State;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>The roles of one app's workers, and which of them leads; see <see cref="Leadership"/>. One change at a time.</summary>
internal sealed class AppRoles
{
    /// <summary>How long to wait before a worker that did not acknowledge is asked again, outside of deployments.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _over = new();
    private readonly App _app;
    private readonly RoleServices _services;
    private readonly RoleTeller _teller;
    private readonly Leadership _leadership;
    private volatile LiveRelease? _electorate;
    private int _wanted;

    /// <summary>An app whose workers have been told nothing yet.</summary>
    public AppRoles(App app, RoleServices services)
    {
        _app = app;
        _services = services;
        _teller = new RoleTeller(app, services);
        _leadership = new Leadership(app, _teller, services);
    }

    /// <summary>The worker that leads, or may believe that it does; null: none.</summary>
    public LiveWorker? Leader =>
        _app.Options.Roles is null || _leadership.Leader is not { } leader || leader.Process.Exited.IsCompleted ? null : leader;

    /// <summary>The generation of its leadership.</summary>
    public long Generation => _leadership.Generation;

    /// <summary>Tells the workers of a candidate that they are on standby: whoever does not acknowledge that would not acknowledge more.</summary>
    /// <param name="candidate">Its workers are healthy.</param>
    /// <param name="cancel">The deployment is given up.</param>
    /// <returns>Null when all have acknowledged it.</returns>
    public async Task<DeploymentFailure?> PrepareAsync(LiveRelease candidate, CancellationToken cancel)
    {
        if (_app.Options.Roles is null)
        {
            return null;
        }

        await _changing.WaitAsync(cancel);
        try
        {
            return await _teller.TellAllAsync(candidate, candidate.Workers, WorkerRole.Standby, cancel);
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
            if (_leadership.Choose(candidate) is not { } chosen)
            {
                return null;
            }

            return await _teller.TellAllAsync(candidate, candidate.Workers.Where(worker => worker != chosen), WorkerRole.Active, cancel)
                ?? await _leadership.TakeAsync(mayKill, cancel)
                ?? await _leadership.GiveAsync(candidate, chosen, cancel);
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
        if (_app.Options.Roles is not null)
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
                    await _teller.TellAllAsync(live, live.Workers.Where(worker => worker.Told?.Role != role), role, _over.Token);
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
        _leadership.Adopt(known, others);
        Refresh();
    }

    /// <summary>Takes a change among the workers, or of the options, into account, in the background.</summary>
    public void Refresh()
    {
        if (_app.Options.Roles is not null && Interlocked.Increment(ref _wanted) == 1)
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
                isDone = _app.Options.Roles is null || _electorate is not { } live || await SettleAsync(live, _over.Token);
            }
            catch (OperationCanceledException) when (_over.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                _services.Logger.LogError(e, "The roles of the workers of {App} could not be settled: unexpected error; trying again", _app.Name);
            }
            finally
            {
                _changing.Release();
            }

            if (!isDone)
            {
                await Task.Delay(Pause, _services.Time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Interlocked.Increment(ref _wanted);
            }
        }
    }

    /// <returns>False when it is over.</returns>
    private async Task<bool> TryBeginChangeAsync()
    {
        try
        {
            await _leadership.GhostGone.WaitAsync(_over.Token);
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
        if (live.Role is not (ReleaseRole.Active or ReleaseRole.Candidate) || _leadership.Choose(live) is not { } chosen)
        {
            return true;
        }

        if (_leadership.IsUnknown && !await _leadership.DisownAsync(live, chosen, cancel))
        {
            return false;
        }

        var leader = _leadership.Leader;
        var isNew = chosen != leader || chosen.Told is not { Leader: true };
        if (chosen != leader && await _leadership.TakeAsync(mayKill: false, cancel) is not null)
        {
            return false;
        }

        if (isNew && await _leadership.GiveAsync(live, chosen, cancel) is not null)
        {
            return false;
        }

        var others = live.Workers.Where(worker => worker != chosen && Leadership.IsFit(worker) && worker.Told?.Role != WorkerRole.Active);
        return await _teller.TellAllAsync(live, others, WorkerRole.Active, cancel) is null;
    }
}
