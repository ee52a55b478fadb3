using System.Text.Json;

namespace BlueGreen.Load.Reports;

/// <summary>Reports for programs: one JSON object in one line.</summary>
internal static class ReportJson
{
    /// <summary>The report of a load of GETs.</summary>
    public static string Of(LoadReport report) => JsonSerializer.Serialize(Fields(report), JsonSerializerOptions.Web);

    /// <summary>The report of a load of POSTs: the same fields and those of the ids.</summary>
    public static string Of(PostReport report)
    {
        var fields = Fields(report.Load);
        fields["post"] = new { report.Answered, report.Lost, report.Duplicated, report.Unacknowledged };
        return JsonSerializer.Serialize(fields, JsonSerializerOptions.Web);
    }

    private static Dictionary<string, object> Fields(LoadReport report) => new()
    {
        ["requests"] = report.Requests,
        ["succeeded"] = report.Succeeded,
        ["failed"] = report.Failed,
        ["failures"] = report.Failures.ToDictionary(pair => JsonNamingPolicy.CamelCase.ConvertName($"{pair.Key}"), pair => pair.Value),
        ["samples"] = report.Samples.Select(failure => new
        {
            Kind = JsonNamingPolicy.CamelCase.ConvertName($"{failure.Kind}"),
            failure.Detail,
            failure.Connection,
            failure.Number,
            AfterMs = failure.After.TotalMilliseconds,
        }),
        ["seconds"] = report.Elapsed.TotalSeconds,
        ["perSecond"] = report.PerSecond,
        ["connectionsOpened"] = report.ConnectionsOpened,
        ["latencyMs"] = new
        {
            P50 = report.Latencies.P50.TotalMilliseconds,
            P99 = report.Latencies.P99.TotalMilliseconds,
            Max = report.Latencies.Max.TotalMilliseconds,
        },
        ["releases"] = report.Releases,
    };
}
