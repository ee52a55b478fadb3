namespace BlueGreen.Agent.Health;

/// <summary>The end of a process that somebody waits for an answer of.</summary>
internal static class ProcessEnd
{
    /// <summary>Lets the end of a process cancel a wait, unless that is over and disposed of by then.</summary>
    /// <param name="exited">Completes when the process has ended.</param>
    /// <param name="wait">The wait.</param>
    public static void Cancels(Task exited, CancellationTokenSource wait) => _ = exited.ContinueWith(
        static (_, state) => CancelQuietly((CancellationTokenSource)state!), wait, CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static void CancelQuietly(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The wait ended before the process did.
        }
    }
}
