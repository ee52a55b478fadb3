using System.Diagnostics;
using System.Numerics;

namespace BlueGreen.Load;

/// <summary>
/// A histogram of durations: 32 steps to each power of two of a microsecond, so a percentile is at most 3 % too high; the
/// longest is exact. One thread writes it; it is merged and read when that thread is done.
/// </summary>
public sealed class Latencies
{
    private const int StepBits = 5;
    private const int Steps = 1 << StepBits;
    private readonly long[] _counts = new long[(64 - StepBits) * Steps];
    private long _longest;

    /// <summary>Durations recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The median; zero where nothing was recorded.</summary>
    public TimeSpan P50 => Percentile(50);

    /// <summary>99 of 100 durations are at most this long.</summary>
    public TimeSpan P99 => Percentile(99);

    /// <summary>The longest duration.</summary>
    public TimeSpan Max => Stopwatch.GetElapsedTime(0, _longest);

    /// <summary>The duration that <paramref name="percent"/> (above 0, at most 100) of all durations do not exceed.</summary>
    public TimeSpan Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        var wanted = (long)Math.Ceiling(Count * percent / 100);
        long seen = 0;
        for (var index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= wanted && seen > 0)
                return TimeSpan.FromTicks(Math.Min(UpperEdge(index) * TimeSpan.TicksPerMicrosecond, Max.Ticks));
        }
        return TimeSpan.Zero;
    }

    /// <summary>Records a duration in ticks of <see cref="Stopwatch"/>.</summary>
    internal void Record(long stopwatchTicks)
    {
        var microseconds = (long)Stopwatch.GetElapsedTime(0, stopwatchTicks).TotalMicroseconds;
        _counts[Index(microseconds)]++;
        Count++;
        _longest = Math.Max(_longest, stopwatchTicks);
    }

    /// <summary>Adds what another histogram recorded.</summary>
    internal void Add(Latencies other)
    {
        for (var index = 0; index < _counts.Length; index++)
            _counts[index] += other._counts[index];
        Count += other.Count;
        _longest = Math.Max(_longest, other._longest);
    }

    private static int Index(long microseconds)
    {
        if (microseconds < Steps)
            return (int)microseconds;
        var shift = BitOperations.Log2((ulong)microseconds) - StepBits;
        return ((shift + 1) << StepBits) + (int)((microseconds >> shift) - Steps);
    }

    private static long UpperEdge(int index)
    {
        if (index < Steps)
            return index + 1;
        var shift = (index >> StepBits) - 1;
        return ((long)(index & (Steps - 1)) + Steps + 1) << shift;
    }
}
