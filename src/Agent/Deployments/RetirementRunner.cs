using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>The way out of a replaced release: drain, stay warm for a while, stop, be forgotten.</summary>
internal sealed class RetirementRunner(ReleaseStore store, StateFile state, StopTokens stop, ILogger<RetirementRunner> logger, TimeProvider time)
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
        // The backends of this time in rotation: a rollback gives the workers new ones.
        Backend[] backends = [.. live.Workers.Select(worker => worker.Backend).OfType<Backend>()];
        var deadlines = new DrainDeadlines(Left(options.Drain.Requests), Left(options.Drain.Streams));
        var draining = Task.WhenAll(backends.Select(backend => backend.DrainAsync(deadlines, stop.Hurry)));
        live.FollowDrain(draining);
        var result = DrainResult.Combine(await draining);
        Array.ForEach(backends, backend => backend.Dispose());
        logger.Log(result.Cut == 0 ? LogLevel.Information : LogLevel.Warning,
            "Drained {App} release {Release} ({Label}) in {DrainMs} ms: {Drained} finished, {Cut} cut",
            app.Name, live.Release.Number, live.Release.Label, (long)result.Duration.TotalMilliseconds, result.Drained, result.Cut);
        live.FollowRetirement(FinishAsync(app, live, reclaimed));
        return result;

        TimeSpan Left(TimeSpan deadline) => deadline > alreadyWaited ? deadline - alreadyWaited : TimeSpan.Zero;
    }

    /// <summary>Stops the workers of a release that gets no requests and forgets it.</summary>
    public async Task StopWorkersAsync(App app, LiveRelease live)
    {
        await StopAndForgetAsync(app, live);
        app.Remove(live);
    }

    private async Task FinishAsync(App app, LiveRelease live, CancellationToken reclaimed)
    {
        // Where a rollback had brought it back meanwhile, its workers may still carry what they were given before.
        await live.DrainEnd;
        if (app.Options.Keep.Warm > TimeSpan.Zero && !stop.Stopping.IsCancellationRequested)
        {
            if (!live.TryContinueRetirement(ReleaseRole.Standby, reclaimed))
            {
                return;
            }

            await StayWarmAsync(app.Options.Keep.Warm, reclaimed);
        }

        if (live.TryContinueRetirement(ReleaseRole.Retired, reclaimed))
        {
            await StopAndForgetAsync(app, live);
            Prune(app, besides: live);
            // Last: the end of the front waits for what is live, and must not leave the folder to another while this writes to it.
            app.Remove(live);
        }
    }

    private async Task StopAndForgetAsync(App app, LiveRelease live)
    {
        var grace = app.Options.Drain.Stop;
        await Task.WhenAll(live.Workers.Select(worker => worker.Process.StopAsync(grace, stop.Hurry)));
        Forget(app, live);
    }

    private async Task StayWarmAsync(TimeSpan warm, CancellationToken reclaimed)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(reclaimed, stop.Stopping);
        await Task.Delay(warm, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Forget(App app, LiveRelease live)
    {
        try
        {
            var ids = live.Workers.Select(worker => worker.Process.Id).ToHashSet();
            state.Update(app.Name, before => before with { Workers = before.Workers.RemoveAll(worker => ids.Contains(worker.Id)) });
        }
        catch (StateException e)
        {
            // They are gone all the same; a front that reads the old list finds no process under these identities.
            logger.LogError("{Reason}", e.Message);
        }
    }

    private void Prune(App app, LiveRelease besides)
    {
        try
        {
            var known = state.Current.App(app.Name);
            HashSet<int> inUse = [.. app.Live.Where(live => live != besides).Select(live => live.Release.Number)];
            if (known.Active is { } active)
            {
                inUse.Add(active);
            }

            if (RollbackTarget.Find(known, store.List(app.Name)) is { } target)
            {
                inUse.Add(target.Number);
            }

            foreach (var number in store.Prune(app.Name, app.Options.Keep.Releases, inUse))
            {
                logger.LogInformation("Pruned {App} release {Release}", app.Name, number);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ReleaseException)
        {
            logger.LogWarning("Cannot prune old releases of {App}: {Reason}", app.Name, e.Message);
        }
    }
}
