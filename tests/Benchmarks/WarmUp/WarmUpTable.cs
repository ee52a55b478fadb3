using System.Globalization;
using System.Text;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>The comparison as a table for a README: medians over the rounds, ratios within each round.</summary>
internal static class WarmUpTable
{
    /// <summary>The table.</summary>
    public static string Of(IReadOnlyList<WarmUpSample> samples)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| the first {FirstRequests.Count:N0} requests, ms | p50 | p99 | max | p99 / as it is | from its first request on: p99 | max |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var mode in DeployMode.All)
        {
            var own = samples.Where(sample => sample.Mode == mode).ToArray();
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {mode.Name} | {Shown(own, sample => sample.AfterSwitch.P50)} | {Shown(own, sample => sample.AfterSwitch.P99)} | {Shown(own, sample => sample.AfterSwitch.Max)} | {Ratio(own, samples)} | {Shown(own, sample => sample.AfterFirst.P99)} | {Shown(own, sample => sample.AfterFirst.Max)} |");
        }
        return text.ToString();
    }

    private static string Shown(IEnumerable<WarmUpSample> samples, Func<WarmUpSample, double> figure) =>
        Spread.Of(samples.Select(figure)) is { } spread
            ? string.Create(CultureInfo.InvariantCulture, $"{spread.Median:N1} ({spread.Least:N1}-{spread.Most:N1})")
            : "-";

    private static string Ratio(IReadOnlyList<WarmUpSample> samples, IReadOnlyList<WarmUpSample> all) => Spread.Of(
        from one in samples
        join cold in all.Where(sample => sample.Mode == DeployMode.Cold) on one.Round equals cold.Round
        select one.AfterSwitch.P99 / cold.AfterSwitch.P99) is { } spread
            ? string.Create(CultureInfo.InvariantCulture, $"{spread.Median:N2} ({spread.Least:N2}-{spread.Most:N2})")
            : "-";
}
