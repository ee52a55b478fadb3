using System.ComponentModel;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Deployments.WarmUps;
using BlueGreen.Agent.Health;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Keeps one place of an active release filled: watches its worker, takes it out of rotation when it dies or fails its checks, and
/// starts another one, with growing pauses, until one is healthy.
/// </summary>
internal sealed class WorkerKeeper(
    App app, LiveRelease live, WorkerFactory factory, WorkerJournal journal, RetirementRunner retirement, AppRoles roles, ILogger logger,
    TimeProvider time)
{
    private readonly RestartBackoff _backoff = new(time);
    private LiveWorker? _worker;
    private LiveWorker? _starting;
    private readonly ReplacementWarmUp _warmUp = new(app, live, logger, time);

    /// <summary>Keeps the place filled until cancelled.</summary>
    /// <param name="worker">Who is in it; null: nobody yet.</param>
    /// <param name="over">The release is not active any more.</param>
    public async Task KeepAsync(LiveWorker? worker, CancellationToken over)
    {
        try
        {
            _worker = worker;
            _worker = worker switch
            {
                null => await StartUntilHealthyAsync(null, over),
                { Process.State: WorkerState.Starting } => await TakeOverAsync(worker, over),
                _ => worker,
            };
            while (true)
            {
                _worker = await KeepUntilReplacedAsync(_worker, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Whoever retires the release, or gives up the place, stops its workers.
        }
        catch (Exception e)
        {
            // A bug of ours: the place is not filled again until the next deploy, so it must not go unnoticed.
            logger.LogCritical(e, "Worker {Worker} of {App} is not looked after any more: unexpected error", _worker?.Process.Id, app.Name);
        }
    }

    /// <summary>Gives up a place that is not kept any more: who is in it finishes what it has, and is stopped.</summary>
    public Task LeaveAsync() => Task.WhenAll(new[] { _worker, _starting }.OfType<LiveWorker>().Distinct().Select(StopReplacedAsync));

    /// <summary>A worker that an earlier front started: it has to prove that it serves before requests are sent to it.</summary>
    private async Task<LiveWorker> TakeOverAsync(LiveWorker found, CancellationToken over)
    {
        var gate = new HealthGate(app.Options.Health.ForRunning(), time);
        if (await gate.WaitAsync(found.Process.EndPoint, found.Process.Exited, over) is GateVerdict.Healthy)
        {
            found.Process.BecomeHealthy();
            Refresh();
            logger.LogInformation("Adopted worker {Worker} of {App} release {Release} (pid {Pid}, {Address})",
                found.Process.Id, app.Name, live.Release.Number, found.Process.Pid, found.Process.EndPoint);
            return found;
        }

        Report(found, $"worker {found.Process.Id} (pid {found.Process.Pid}), which ran when the front started, is not healthy", exitCode: null);
        found.Process.BecomeUnhealthy();
        Refresh();
        return await StartInPlaceOfAsync(found, over);
    }

    private async Task<LiveWorker> KeepUntilReplacedAsync(LiveWorker worker, CancellationToken over)
    {
        var watch = new WorkerWatch(app, worker, Refresh, logger, time, over);
        while (true)
        {
            _backoff.BecameHealthy();
            if (await watch.BrokenAsync(over) is { } lastCheck)
            {
                Report(worker, $"worker {worker.Process.Id} failed {app.Options.Health.Failures} checks in a row: {lastCheck.Description}", exitCode: null);
            }
            else
            {
                var exit = await worker.Process.Exited;
                Report(worker, $"worker {worker.Process.Id} ended: {exit.Description}", exit.Status);
            }

            await Task.Delay(_backoff.Next(), time, over);
            if (worker.Process.State != WorkerState.Healthy)
            {
                return await StartInPlaceOfAsync(worker, over);
            }
        }
    }

    private async Task<LiveWorker> StartInPlaceOfAsync(LiveWorker broken, CancellationToken over)
    {
        var next = await StartUntilHealthyAsync(broken, over);
        if (broken.Process.Exited.IsCompleted)
        {
            live.Remove(broken);
        }
        else
        {
            live.FollowDrain(StopReplacedAsync(broken));
        }

        return next;
    }

    /// <summary>Starts workers until one is healthy, which is in rotation then.</summary>
    private async Task<LiveWorker> StartUntilHealthyAsync(LiveWorker? broken, CancellationToken over)
    {
        for (var restarts = broken is null ? 0 : broken.Restarts + 1; ; restarts++)
        {
            over.ThrowIfCancellationRequested();
            if (TryLaunch(restarts, broken) is { } next)
            {
                _starting = next;
                logger.LogInformation("Started worker {Worker} of {App} release {Release} (pid {Pid}, {Address}, restart {Restart})",
                    next.Process.Id, app.Name, live.Release.Number, next.Process.Pid, next.Process.EndPoint, restarts);
                var verdict = await new HealthGate(app.Options.Health, time).WaitAsync(next.Process.EndPoint, next.Process.Exited, over);
                if (verdict is GateVerdict.Healthy healthy && await _warmUp.RunAsync(next, over))
                {
                    next.Process.BecomeHealthy();
                    Refresh();
                    logger.LogInformation("Worker {Worker} of {App} serves, {ReadyMs} ms after its start",
                        next.Process.Id, app.Name, (long)healthy.After.TotalMilliseconds);
                    return next;
                }

                await DiscardAsync(next, verdict);
            }

            await Task.Delay(_backoff.Next(), time, over);
        }
    }

    private LiveWorker? TryLaunch(int restarts, LiveWorker? broken)
    {
        try
        {
            var next = factory.Launch(app.Options, live.Release, live.Generation, restarts);
            if (broken is not null && broken.Process.Exited.IsCompleted)
            {
                live.Remove(broken);
            }

            live.Put(next);
            journal.TryWrite(app);
            return next;
        }
        catch (Exception e) when (e is ReleaseException or IOException or UnauthorizedAccessException or Win32Exception)
        {
            logger.LogError("{App} release {Release}: a worker cannot be started: {Reason}", app.Name, live.Release.Number, e.Message);
            return null;
        }
    }

    private async Task DiscardAsync(LiveWorker failed, GateVerdict verdict)
    {
        if (failed.Process.Exited.IsCompleted)
        {
            var exit = await failed.Process.Exited;
            Report(failed, $"worker {failed.Process.Id} ended before it was healthy: {exit.Description}", exit.Status);
        }
        else
        {
            var last = (verdict as GateVerdict.TooLate)?.Last?.Description ?? "none finished";
            Report(failed, $"worker {failed.Process.Id} was not healthy in time; last check: {last}", exitCode: null);
            await retirement.StopAsync(app, failed);
        }

        live.Remove(failed);
        journal.TryWrite(app);
    }

    /// <summary>A worker that was replaced while it lived finishes what it has, as far as it can, and is stopped.</summary>
    private async Task StopReplacedAsync(LiveWorker replaced)
    {
        replaced.IsReplaced = true;
        Refresh();
        await replaced.Drained;
        await retirement.StopAsync(app, replaced);
        live.Remove(replaced);
        journal.TryWrite(app);
    }

    /// <summary>What happened is logged, and decides the fate of a release on probation.</summary>
    private void Report(LiveWorker worker, string what, int? exitCode)
    {
        var output = worker.Process.Log.Tail(DeploymentFailure.OutputLines);
        logger.LogError("{App} release {Release}: {What}; {Output}", app.Name, live.Release.Number, what,
            output.Count > 0 ? $"its last output: {string.Join(" | ", output)}" : "no output");
        if (app.Probation is { } probation && probation.Live == live)
        {
            probation.Fail(new DeploymentFailure(what, exitCode, output));
        }
    }

    private void Refresh()
    {
        app.Rotation.Refresh(live);
        roles.Refresh();
        foreach (var worker in live.Workers)
        {
            foreach (var left in worker.TakeUndrained())
            {
                var drained = retirement.DrainAsync(app, worker, left);
                worker.FollowDrain(drained);
                live.FollowDrain(drained);
            }
        }
    }
}
