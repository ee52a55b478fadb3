namespace BlueGreen.Agent.Health;

/// <summary>
/// Goes on checking a worker that serves: after N failures in a row it is unhealthy, after N passes in a row healthy again.
/// </summary>
/// <param name="options">What holds at this moment: a reload applies with the next check.</param>
/// <param name="time">The clock between checks.</param>
internal sealed class HealthMonitor(Func<HealthOptions> options, TimeProvider time)
{
    /// <summary>Checks until cancelled.</summary>
    /// <param name="check">One check.</param>
    /// <param name="onChange">Told of each change: whether the worker is healthy now, and what the last check saw.</param>
    /// <param name="cancel">Ends it; no exception comes of it.</param>
    public async Task WatchAsync(Func<CancellationToken, Task<ProbeResult>> check, Action<bool, ProbeResult> onChange, CancellationToken cancel)
    {
        var healthy = true;
        var inARow = 0;
        try
        {
            while (true)
            {
                await Task.Delay(options().Interval, time, cancel);
                var result = await check(cancel);
                inARow = result.Passed == healthy ? 0 : inARow + 1;
                if (inARow >= (healthy ? options().Failures : options().Passes))
                {
                    healthy = !healthy;
                    inARow = 0;
                    onChange(healthy, result);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The worker has ended, or is no longer this watch's business.
        }
    }
}
