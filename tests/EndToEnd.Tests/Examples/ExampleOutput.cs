using System.Globalization;
using System.Text.RegularExpressions;
using BlueGreen.Faults.Jobs;

namespace BlueGreen.EndToEnd.Tests.Examples;

/// <summary>Reads what the jobs of the examples print: <c>TIME KIND pid PID generation GENERATION</c>.</summary>
internal static partial class ExampleOutput
{
    private const int NanosecondsPerTick = 100;

    /// <summary>The lines of jobs in the logs of a front's workers, by time.</summary>
    public static IReadOnlyList<JobLine> OfWorkers(TestFolder folder) =>
        [.. Directory.EnumerateFiles(folder.In("s", "logs", "web")).SelectMany(LinesOf).OrderBy(line => line.At)];

    /// <summary>The lines of jobs among what a process has printed.</summary>
    public static IReadOnlyList<JobLine> Of(IEnumerable<string> lines) => [.. lines.Select(Parse).OfType<JobLine>()];

    private static IReadOnlyList<JobLine> LinesOf(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        // What has no end yet is no line.
        return Of(reader.ReadToEnd().Split('\n')[..^1]);
    }

    private static JobLine? Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true, Groups: var parts })
            return null;
        var culture = CultureInfo.InvariantCulture;
        return new JobLine(
            Enum.Parse<JobLineKind>(parts["kind"].ValueSpan, ignoreCase: true), int.Parse(parts["pid"].ValueSpan, culture),
            DateTimeOffset.Parse(parts["time"].ValueSpan, culture).UtcTicks * NanosecondsPerTick,
            long.Parse(parts["generation"].ValueSpan, culture), Release: 0);
    }

    [GeneratedRegex(@"^(?<time>\S+Z) (?<kind>begin|tick|end) pid (?<pid>\d+) generation (?<generation>\d+)$")]
    private static partial Regex Pattern();
}
