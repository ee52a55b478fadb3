using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Traffic;

/// <summary>What a load has seen.</summary>
/// <param name="Requests">Requests, or messages, that were answered.</param>
/// <param name="Elapsed">How long it ran.</param>
/// <param name="P50">Half of them took at most this long.</param>
/// <param name="P99">99 of 100 did.</param>
/// <param name="P999">999 of 1,000 did.</param>
/// <param name="Failed">Those that failed, or were answered with an error.</param>
internal sealed record Measurement(long Requests, TimeSpan Elapsed, TimeSpan P50, TimeSpan P99, TimeSpan P999, long Failed)
{
    /// <summary>The same as figures of a table.</summary>
    public Dictionary<Figure, double> ToFigures() => new()
    {
        [Figure.Rate] = Requests / Elapsed.TotalSeconds,
        [Figure.P50] = P50.TotalMilliseconds,
        [Figure.P99] = P99.TotalMilliseconds,
        [Figure.P999] = P999.TotalMilliseconds,
        [Figure.Failed] = Failed,
    };
}
