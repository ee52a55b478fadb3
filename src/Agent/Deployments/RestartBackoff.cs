namespace BlueGreen.Agent.Deployments;

/// <summary>
/// How long to wait before a worker that died is started again: 0.1 s, then 1.5 times as long each time, at most 30 s; from the
/// beginning once it has been healthy for a minute. Owned by one <see cref="WorkerKeeper"/>.
/// </summary>
internal sealed class RestartBackoff(TimeProvider time)
{
    private const double Growth = 1.5;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Proven = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;
    private long? _healthySince;

    /// <summary>The worker serves from now on.</summary>
    public void BecameHealthy() => _healthySince = time.GetTimestamp();

    /// <summary>The worker is broken: how long to wait before the next start.</summary>
    public TimeSpan Next()
    {
        if (_healthySince is { } since && time.GetElapsedTime(since) >= Proven)
        {
            _next = First;
        }

        _healthySince = null;
        var delay = _next;
        _next = delay * Growth > Longest ? Longest : delay * Growth;
        return delay;
    }
}
