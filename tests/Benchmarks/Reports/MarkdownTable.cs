using System.Globalization;
using System.Text;
using BlueGreen.Benchmarks.Running;
using BlueGreen.Benchmarks.Subjects;

namespace BlueGreen.Benchmarks.Reports;

/// <summary>All rows as one table for a README: bluegreen's own figures, and its ratio to each of the others.</summary>
internal static class MarkdownTable
{
    /// <summary>The table, with a line about how busy the machine was.</summary>
    public static string Of(IReadOnlyList<RowResult> results)
    {
        var others = results.SelectMany(result => result.Subjects).Distinct().Where(subject => subject != Variant.Main).ToList();
        var text = new StringBuilder();
        text.Append("| | bluegreen |").AppendJoin("", others.Select(other => $" / {other} |")).Append('\n');
        text.Append("|---|---|").AppendJoin("", others.Select(_ => "---|")).Append('\n');
        foreach (var result in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {result.Title} | {Own(result)} |")
                .AppendJoin("", others.Select(other => $" {FigureText.Of(result.Ratio(Variant.Main, other, result.Compared))} |"))
                .Append('\n');
        }
        text.Append(CultureInfo.InvariantCulture, $"\nMedian of the ratios per round (least-most), {Environment.ProcessorCount} cores, ");
        text.Append(CultureInfo.InvariantCulture, $"load average {results.Min(result => (double?)result.Load):N1} to {results.Max(result => (double?)result.Load):N1}.");
        return text.ToString();
    }

    private static string Own(RowResult result) => string.Join(", ", new[] { result.Compared, Figure.P99, Figure.Cpu }
        .Distinct()
        .Where(figure => result.Median(Variant.Main, figure) is not null)
        .Select(figure => $"{FigureText.Of(figure, result.Median(Variant.Main, figure))} {figure.Name}"));
}
