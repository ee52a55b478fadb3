using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>The way out of a replaced release: drain, stay warm for a while, stop, be forgotten.</summary>
internal sealed class RetirementRunner(
    Pruning pruning,
    WorkerJournal journal,
    AllRoles roles,
    StopTokens stop,
    ILogger<RetirementRunner> logger,
    TimeProvider time)
{
    /// <summary>
    /// Waits until the last exchange of a replaced release has ended or was cut. What follows goes on in the background.
    /// </summary>
    /// <param name="app">Its app.</param>
    /// <param name="live">The release; all its backends have been switched away.</param>
    /// <param name="reclaimed">A rollback takes it back.</param>
    /// <param name="alreadyWaited">Taken off the deadlines.</param>
    public async Task<DrainResult> DrainAsync(App app, LiveRelease live, CancellationToken reclaimed, TimeSpan alreadyWaited = default)
    {
        var options = app.Options;
        var unsupervised = live.Supervision?.EndAsync() ?? Task.CompletedTask;
        var deadlines = new DrainDeadlines(Left(options.Drain.Requests), Left(options.Drain.Streams));
        // The backends of this time in rotation: a rollback gives the workers new ones.
        var draining = Task.WhenAll(
            from worker in live.Workers from left in worker.TakeUndrained() select DrainAsync(worker, left, deadlines));
        live.FollowDrain(draining);
        var result = DrainResult.Combine(await draining);
        logger.Log(result.Cut == 0 ? LogLevel.Information : LogLevel.Warning,
            "Drained {App} release {Release} ({Label}) in {DrainMs} ms: {Drained} finished, {Cut} cut",
            app.Name, live.Release.Number, live.Release.Label, (long)result.Duration.TotalMilliseconds, result.Drained, result.Cut);
        live.FollowRetirement(FinishAsync(app, live, unsupervised, reclaimed));
        return result;

        TimeSpan Left(TimeSpan deadline) => deadline > alreadyWaited ? deadline - alreadyWaited : TimeSpan.Zero;
    }

    /// <summary>Waits until what one worker of a release that serves on had been given has ended or was cut.</summary>
    public async Task DrainAsync(App app, LiveWorker worker, Backend left)
    {
        var drain = app.Options.Drain;
        var result = await DrainAsync(worker, left, new DrainDeadlines(drain.Requests, drain.Streams));
        if (result.Cut > 0)
        {
            logger.LogWarning("Worker {Worker} of {App} left the rotation: {Drained} finished, {Cut} cut",
                worker.Process.Id, app.Name, result.Drained, result.Cut);
        }
    }

    /// <summary>Stops one worker of a release.</summary>
    public Task StopAsync(App app, LiveWorker worker) => worker.Process.StopAsync(app.Options.Drain.Stop, stop.Hurry);

    /// <summary>Lets a candidate that is given up finish what a slow start has given it, then stops its workers and forgets it.</summary>
    public async Task<DrainResult> DiscardAsync(App app, LiveRelease candidate)
    {
        var deadlines = new DrainDeadlines(app.Options.Drain.Requests, app.Options.Drain.Streams);
        var result = DrainResult.Combine(await Task.WhenAll(
            from worker in candidate.Workers from left in worker.TakeUndrained() select DrainAsync(worker, left, deadlines)));
        await StopWorkersAsync(app, candidate);
        return result;
    }

    /// <summary>Stops the workers of a release that gets no requests and forgets it.</summary>
    public async Task StopWorkersAsync(App app, LiveRelease live)
    {
        await StopAndForgetAsync(app, live);
        app.Remove(live);
    }

    /// <summary>Goes on with the retirement of a release that an earlier front had switched away from.</summary>
    /// <param name="app">Its app.</param>
    /// <param name="live">The release; it carries nothing, since that front's connections ended with it.</param>
    public void Resume(App app, LiveRelease live) => live.FollowRetirement(FinishAsync(app, live, Task.CompletedTask, live.Reclaimed));

    private async Task<DrainResult> DrainAsync(LiveWorker worker, Backend left, DrainDeadlines deadlines)
    {
        var result = await left.DrainAsync(deadlines, stop.Hurry);
        worker.Forget(left);
        return result;
    }

    private async Task FinishAsync(App app, LiveRelease live, Task unsupervised, CancellationToken reclaimed)
    {
        // Where a rollback had brought it back meanwhile, its workers may still carry what they were given before.
        await live.DrainEnd;
        await unsupervised;
        if (IsKeptWarm(app, live))
        {
            if (!live.TryContinueRetirement(ReleaseRole.Standby, reclaimed))
            {
                return;
            }

            roles.Of(app).Tell(live, WorkerRole.Standby);
            await StayWarmAsync(app, live, reclaimed);
        }

        if (live.TryContinueRetirement(ReleaseRole.Retired, reclaimed))
        {
            await StopAndForgetAsync(app, live);
            pruning.Prune(app, app.Options.Keep.Releases, besides: live);
            // Last: the end of the front waits for what is live, and must not leave the folder to another while this writes to it.
            app.Remove(live);
        }
    }

    private async Task StopAndForgetAsync(App app, LiveRelease live)
    {
        var grace = app.Options.Drain.Stop;
        await Task.WhenAll(live.Workers.Select(worker => worker.Process.StopAsync(grace, stop.Hurry)));
        // Where that fails: a front that reads the old list finds no process under these identities.
        journal.TryWrite(app);
    }

    private bool IsKeptWarm(App app, LiveRelease live) =>
        !stop.Stopping.IsCancellationRequested && (app.Options.Keep.Warm > TimeSpan.Zero || ProbationOver(app, live) is { IsCompleted: false });

    /// <summary>Until the configured time is over and no release on probation may have to be rolled back to it.</summary>
    private async Task StayWarmAsync(App app, LiveRelease live, CancellationToken reclaimed)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(reclaimed, stop.Stopping);
        await Task.WhenAll(Task.Delay(app.Options.Keep.Warm, time, either.Token), ProbationOver(app, live).WaitAsync(either.Token))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The end of the probation that would be answered by a rollback to this release, and of that rollback.</summary>
    private static Task ProbationOver(App app, LiveRelease live) =>
        app.Probation is { } probation && probation.FallbackGeneration == live.Generation ? probation.Settled : Task.CompletedTask;
}
