using System.Diagnostics;

namespace BlueGreen.SampleWorker.Jobs;

/// <summary>What must run once: it appends a line at its begin, every 100 ms and at its end.</summary>
/// <param name="file">Where to; null: it only waits.</param>
/// <param name="behaviour">How long it takes to end.</param>
internal sealed class Job(JobFile? file, Behaviour behaviour)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until it is told to end, and has ended.</summary>
    public async Task RunAsync(long generation, CancellationToken stop)
    {
        using var held = file?.TryLock();
        file?.Append("begin", generation);
        if (held is null)
            file?.Append("clash", generation);
        // Ends the delay early, so what is left of the job's time counts from here.
        while (!await HasEndedAsync(Tick, stop))
            file?.Append("tick", generation);
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < behaviour.JobStopTime;)
        {
            await Task.Delay(Tick, CancellationToken.None);
            file?.Append("tick", generation);
        }
        file?.Append("end", generation);
    }

    private static async Task<bool> HasEndedAsync(TimeSpan time, CancellationToken stop)
    {
        await Task.Delay(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stop.IsCancellationRequested;
    }
}
