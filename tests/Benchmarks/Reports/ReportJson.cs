using System.Text.Json;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Reports;

/// <summary>Every single figure, for programs.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The rows with their samples.</summary>
    public static string Of(IReadOnlyList<RowResult> results) => JsonSerializer.Serialize(
        new
        {
            cores = Environment.ProcessorCount,
            rows = results.Select(result => new
            {
                name = result.Name,
                title = result.Title,
                load = result.Load,
                samples = result.Samples.Select(sample => new
                {
                    round = sample.Round,
                    subject = sample.Subject,
                    figures = sample.Figures.ToDictionary(figure => figure.Key.Key, figure => figure.Value),
                }),
            }),
        },
        Indented);
}
