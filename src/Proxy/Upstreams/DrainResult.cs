namespace BlueGreen.Proxy.Upstreams;

/// <summary>How a drain ended.</summary>
/// <param name="Drained">Exchanges that were in flight at the retirement and ended by themselves.</param>
/// <param name="Cut">Exchanges that a deadline cut.</param>
/// <param name="Duration">From the retirement to the end of the last exchange.</param>
public readonly record struct DrainResult(int Drained, int Cut, TimeSpan Duration)
{
    /// <summary>The drain of several backends at once: counts added, the longest duration.</summary>
    public static DrainResult Combine(IEnumerable<DrainResult> results) =>
        results.Aggregate(default(DrainResult), static (all, one) => new DrainResult(
            all.Drained + one.Drained,
            all.Cut + one.Cut,
            all.Duration > one.Duration ? all.Duration : one.Duration));
}
