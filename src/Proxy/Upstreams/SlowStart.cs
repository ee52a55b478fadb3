namespace BlueGreen.Proxy.Upstreams;

/// <summary>
/// The share of new requests that newcomers among the backends get: none at first, then evenly more until they get all. Nothing is
/// published while it grows: each request computes it from the clock. Thread-safe, without a lock.
/// </summary>
/// <param name="length">Until they get all; more than zero. Counted from the construction.</param>
/// <param name="time">The clock.</param>
public sealed class SlowStart(TimeSpan length, TimeProvider time)
{
    /// <summary>
    /// 2^32 divided by the golden ratio. Its multiples, modulo 2^32, lie as evenly as any numbers can, wherever one begins and ends
    /// (Knuth, The Art of Computer Programming 3, 6.4): so any hundred requests are shared as the share says, not only very many.
    /// </summary>
    private const uint GoldenStep = 2_654_435_769;

    private const double Whole = 1L << 32;

    private readonly long _began = time.GetTimestamp();
    private int _requests;

    /// <summary>From 0 to 1.</summary>
    public double Share => Math.Min(1, time.GetElapsedTime(_began) / length);

    /// <summary>Decides for one request whether it goes to the newcomers.</summary>
    internal bool TakesNext() => unchecked((uint)Interlocked.Increment(ref _requests) * GoldenStep) < Share * Whole;
}
