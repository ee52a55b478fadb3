using System.Globalization;
using System.Text;
using BlueGreen.Benchmarks.Running;
using BlueGreen.Benchmarks.Subjects;

namespace BlueGreen.Benchmarks.Reports;

/// <summary>What came of a row, as a table for a terminal: medians, and how bluegreen compares round by round.</summary>
internal static class RowText
{
    /// <summary>The table.</summary>
    public static string Of(RowResult result)
    {
        Figure[] compared = [result.Compared, .. result.Figures.Where(figure => figure == Figure.P99 || figure == Figure.Cpu)];
        var rows = new List<string[]>
        {
            (string[])["", .. result.Figures.Select(figure => figure.Name), .. compared.Select(figure => $"{figure.Name}: bluegreen's / its")],
        };
        rows.AddRange(result.Subjects.Select(subject => (string[])
        [
            subject,
            .. result.Figures.Select(figure => FigureText.Of(figure, result.Median(subject, figure))),
            .. compared.Select(figure => subject == Variant.Main ? "" : FigureText.Of(result.Ratio(Variant.Main, subject, figure))),
        ]));
        var rounds = result.Samples.Select(sample => sample.Round).Distinct().Count();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.Name}: {result.Title}; median of {rounds}, load average {result.Load:N1}");
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            text.Append('\n').Append(string.Join("  ", row.Select(
                (value, column) => column == 0 ? value.PadRight(widths[0]) : value.PadLeft(widths[column]))).TrimEnd());
        }
        return text.ToString();
    }
}
