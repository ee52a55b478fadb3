using System.Globalization;
using System.Text;
using BlueGreen.Benchmarks.Running;
using BlueGreen.Benchmarks.Subjects;

namespace BlueGreen.Benchmarks.Reports;

/// <summary>All rows as one table for a README: everybody's figure, and bluegreen's ratio to the best of the others.</summary>
internal static class MarkdownTable
{
    /// <summary>The table, with a line about how busy the machine was.</summary>
    public static string Of(IReadOnlyList<RowResult> results)
    {
        var subjects = results.SelectMany(result => result.Subjects).Distinct().OrderBy(subject => subject == Variant.Main).ToList();
        var text = new StringBuilder("| | |");
        text.AppendJoin("", subjects.Select(subject => $" {subject} |")).Append(" / best | p99 / best |\n");
        text.Append("|---|---|").AppendJoin("", subjects.Select(_ => "---|")).Append("---|---|\n");
        foreach (var result in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {result.Title} | {result.Compared.Name} |")
                .AppendJoin("", subjects.Select(subject => $" {FigureText.Of(result.Compared, result.Median(subject, result.Compared))} |"))
                .Append(CultureInfo.InvariantCulture, $" {Best(result, result.Compared)} | {Best(result, Figure.P99)} |\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\nMedians; ratios are those of the rounds, median (least-most). {Environment.ProcessorCount} cores, ");
        text.Append(CultureInfo.InvariantCulture, $"load average {results.Min(result => (double?)result.Load):N1} to {results.Max(result => (double?)result.Load):N1}.");
        return text.ToString();
    }

    /// <summary>The ratio to the best of the other proxies by a figure, and who that is.</summary>
    private static string Best(RowResult result, Figure figure)
    {
        var others = result.Subjects
            .Where(subject => subject is not (Variant.Main or DirectSubject.Title))
            .Where(subject => result.Median(subject, figure) is not null)
            .OrderBy(subject => result.Median(subject, figure) * (figure == Figure.Rate ? -1 : 1));
        return others.FirstOrDefault() is { } best && result.Median(Variant.Main, figure) is not null
            ? $"{FigureText.Of(result.Ratio(Variant.Main, best, figure))} {best}"
            : "-";
    }
}
