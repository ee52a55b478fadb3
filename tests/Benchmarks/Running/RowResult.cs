namespace BlueGreen.Benchmarks.Running;

/// <summary>What came of a row.</summary>
/// <param name="Name">Its name for --only.</param>
/// <param name="Title">What it measures.</param>
/// <param name="Compared">The figure whose ratios are given.</param>
/// <param name="Samples">Every measurement.</param>
/// <param name="Load">The load average of the machine when it was done: what else ran there.</param>
internal sealed record RowResult(string Name, string Title, Figure Compared, IReadOnlyList<Sample> Samples, double Load)
{
    /// <summary>Those measured, in the order of the first round.</summary>
    public IReadOnlyList<string> Subjects => [.. Samples.Select(sample => sample.Subject).Distinct()];

    /// <summary>What was measured, in the order of the columns.</summary>
    public IReadOnlyList<Figure> Figures => [.. Samples.SelectMany(sample => sample.Figures.Keys).Distinct()];

    /// <summary>The median of a figure over the rounds; null where it was not measured.</summary>
    public double? Median(string subject, Figure figure) =>
        Spread.Of(Samples.Where(sample => sample.Subject == subject && sample.Figures.ContainsKey(figure)).Select(sample => sample.Figures[figure]))?.Median;

    /// <summary>How often one subject's figure is another's, round by round; null where they have no round in common.</summary>
    public Spread? Ratio(string subject, string other, Figure figure) => Spread.Of(
        from one in Samples
        join two in Samples on one.Round equals two.Round
        where one.Subject == subject && two.Subject == other && two.Figures.GetValueOrDefault(figure) > 0
        select one.Figures.GetValueOrDefault(figure) / two.Figures[figure]);
}
