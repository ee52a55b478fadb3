using System.Globalization;
using System.Text;

namespace BlueGreen.Load.Reports;

/// <summary>Reports for people.</summary>
internal static class ReportText
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Requests, failures, latencies and releases, a line each; details of failures below theirs.</summary>
    public static string Of(LoadReport report)
    {
        var text = new StringBuilder();
        var connections = report.Options.Use == ConnectionUse.Kept
            ? $"over {report.Options.Connections} kept-alive connections"
            : $"by {report.Options.Connections} clients, each on its own connection";
        Line(text, "requests", $"{report.Requests:N0} in {report.Elapsed.TotalSeconds:N1} s ({report.PerSecond:N0}/s) {connections}");
        Line(text, "failed", $"{report.Failed:N0}");
        foreach (var (kind, count) in report.Failures.OrderByDescending(pair => pair.Value))
            Line(text, "", $"{count:N0} {kind}");
        foreach (var failure in report.Samples)
            Line(text, "", $"at {failure.After.TotalSeconds:N3} s, connection {failure.Connection}: {failure.Kind}, {failure.Detail}");
        var latencies = report.Latencies;
        Line(text, "latency", $"p50 {Time(latencies.P50)}, p99 {Time(latencies.P99)}, longest {Time(latencies.Max)}");
        Line(text, "releases", report.Releases.Count == 0 ? "none answered" : string.Join(", ", report.Releases.Select(Name)));
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>The same, and what became of the ids.</summary>
    public static string Of(PostReport report)
    {
        var text = new StringBuilder(Of(report.Load)).Append('\n');
        Line(text, "posts", $"{report.Answered:N0} answered, {report.Lost.Count:N0} lost, {report.Duplicated.Count:N0} twice, " +
            $"{report.Unacknowledged.Count:N0} done without an answer");
        return text.ToString().TrimEnd('\n');
    }

    private static void Line(StringBuilder text, string name, FormattableString what) => Line(text, name, what.ToString(Culture));

    private static void Line(StringBuilder text, string name, string what) => text.Append($"{name,-10}").Append(what).Append('\n');

    private static string Time(TimeSpan time) => string.Create(Culture, $"{time.TotalMilliseconds:N1} ms");

    private static string Name(ReleaseSeen seen)
    {
        var name = seen.Release.Length == 0 ? "unnamed" : seen.Label.Length == 0 ? seen.Release : $"{seen.Release} ({seen.Label})";
        return string.Create(Culture, $"{name}: {seen.Requests:N0}");
    }
}
