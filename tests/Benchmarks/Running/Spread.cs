namespace BlueGreen.Benchmarks.Running;

/// <summary>How far several values of the same thing lie apart.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    /// <summary>The spread of some values; null of none.</summary>
    public static Spread? Of(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered.Count == 0
            ? null
            : new Spread((ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2, ordered[0], ordered[^1]);
    }
}
