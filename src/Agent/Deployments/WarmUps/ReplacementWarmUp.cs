using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>
/// Warms up a worker that takes the place of another one of a release that serves. Only while other workers of it do: the only one has to
/// serve at once. What it answers is no reason to do without it.
/// </summary>
internal sealed class ReplacementWarmUp(App app, LiveRelease live, ILogger logger, TimeProvider time)
{
    /// <summary>Warms it up, where there is something to do it with.</summary>
    /// <param name="worker">The worker; it is healthy.</param>
    /// <param name="over">The release is not active any more.</param>
    /// <returns>False when it has ended meanwhile.</returns>
    /// <exception cref="OperationCanceledException">The release is not active any more.</exception>
    public async Task<bool> RunAsync(LiveWorker worker, CancellationToken over)
    {
        var options = app.Options;
        var requests = WarmUpRequests.Of(options.WarmUp, app.Upstream.RecentPaths, mustSucceed: false);
        if (requests.Count == 0 || app.Upstream.Held > 0 || live.SoundnessEnd(besides: worker) is not { } nobodyServes)
        {
            return true;
        }

        var warmUp = new WorkerWarmUp(options.WarmUp, WarmUpRequests.HostOf(options), requests, time);
        var verdict = await warmUp.RunAsync(worker.Process.EndPoint, worker.Process.Exited, nobodyServes, over);
        if (verdict is WarmUpVerdict.Warm { Figures: var figures })
        {
            logger.Log(
                figures.Unexpected == 0 ? LogLevel.Information : LogLevel.Warning,
                "Worker {Worker} of {App} is warmed up: {Answered} requests answered, {Unexpected} not as they should be{Example}",
                worker.Process.Id, app.Name, figures.Answered, figures.Unexpected, figures.Example is { } example ? $"; the first: {example}" : "");
        }

        return verdict is not WarmUpVerdict.Exited;
    }
}
