namespace BlueGreen.Load.Running;

/// <summary>How many requests of a load have ended, and who waits for how many. Shared by its connections.</summary>
internal sealed class Progress
{
    private readonly Lock _lock = new();
    private readonly List<(long Count, TaskCompletionSource Reached)> _waiting = [];
    private long _ended;
    private long _next = long.MaxValue;
    private bool _over;

    /// <summary>Requests that have ended, well or badly.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>One more has ended.</summary>
    public void Count()
    {
        if (Interlocked.Increment(ref _ended) >= Interlocked.Read(ref _next))
            Release();
    }

    /// <summary>Completes once <paramref name="count"/> requests have ended; faults when the load is over before.</summary>
    public Task ReachAsync(long count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add((count, reached));
            // Published before the count is looked at again below, so that no ending request can pass between the two.
            Interlocked.Exchange(ref _next, Math.Min(_next, count));
        }
        Release();
        return reached.Task;
    }

    /// <summary>No further request will end.</summary>
    public void Complete()
    {
        lock (_lock)
            _over = true;
        Release();
    }

    private void Release()
    {
        lock (_lock)
        {
            foreach (var (count, reached) in _waiting)
                if (Ended >= count)
                    reached.TrySetResult();
                else if (_over)
                    reached.TrySetException(new InvalidOperationException($"The load ended after {Ended} of {count} requests."));
            _waiting.RemoveAll(waiter => waiter.Reached.Task.IsCompleted);
            Interlocked.Exchange(ref _next, _waiting.Count == 0 ? long.MaxValue : _waiting.Min(waiter => waiter.Count));
        }
    }
}
