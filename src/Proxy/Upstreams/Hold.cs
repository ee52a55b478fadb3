namespace BlueGreen.Proxy.Upstreams;

/// <summary>Requests that wait until an upstream changes: bounded in number, and each in time.</summary>
internal sealed class Hold(HoldOptions options, TimeProvider time)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>Its bounds.</summary>
    public HoldOptions Options => options;

    /// <summary>Requests that wait at this moment.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Lets every waiting request look again.</summary>
    public void End() => _ended.TrySetResult();

    /// <summary>Waits for the end of the hold; <see cref="AcquireFailure.None"/> means: look again.</summary>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public Task<AcquireFailure> WaitAsync(CancellationToken clientGone) => WaitAsync(options.Wait, clientGone);

    /// <summary>Waits for the end of the hold, but not as long as a request may wait in all.</summary>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async Task<AcquireFailure> WaitAsync(TimeSpan atMost, CancellationToken clientGone)
    {
        if (Interlocked.Increment(ref _waiting) > options.Limit)
        {
            Interlocked.Decrement(ref _waiting);
            return AcquireFailure.HoldFull;
        }

        try
        {
            await _ended.Task.WaitAsync(atMost, time, clientGone);
            return AcquireFailure.None;
        }
        catch (TimeoutException)
        {
            return AcquireFailure.HoldTimedOut;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
