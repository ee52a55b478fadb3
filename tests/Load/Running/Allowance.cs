using System.Diagnostics;

namespace BlueGreen.Load.Running;

/// <summary>Says whether a load may start another request. Shared by its connections.</summary>
internal sealed class Allowance(LoadOptions options, long started, CancellationToken stop)
{
    private readonly long _until = options.Duration is { } duration
        ? started + (long)(duration.TotalSeconds * Stopwatch.Frequency)
        : long.MaxValue;

    private long _left = options.Count ?? long.MaxValue;

    /// <summary>Takes one request out of the allowance, if it is not used up.</summary>
    public bool TryTake() =>
        !stop.IsCancellationRequested && Stopwatch.GetTimestamp() < _until && Interlocked.Decrement(ref _left) >= 0;
}
