using System.Globalization;
using System.Text.RegularExpressions;

namespace BlueGreen.Benchmarks.Traffic;

/// <summary>Reads what h2load prints, and its log of single requests: it prints no percentiles itself.</summary>
internal static partial class H2LoadOutput
{
    private const int Status = 1;
    private const int Duration = 2;

    /// <param name="output">What it printed.</param>
    /// <param name="log">The lines of its log: start, status and microseconds, with tabs between.</param>
    /// <exception cref="FormatException">They are not h2load's.</exception>
    public static Measurement Parse(string output, IEnumerable<string> log)
    {
        var finished = Finished().Match(output);
        var requests = Requests().Match(output);
        if (!finished.Success || !requests.Success)
            throw new FormatException($"h2load has printed no figures:\n{output}");
        var fields = log.Select(line => line.Split('\t')).Where(line => line.Length > Duration).ToList();
        var durations = fields.Select(line => long.Parse(line[Duration], CultureInfo.InvariantCulture)).Order().ToArray();
        // With a duration, what is under way at its end is counted as done with a status of its own.
        var answered = Number(requests, "succeeded");
        return new Measurement(
            answered, Elapsed(finished), Percentile(durations, 50), Percentile(durations, 99), Percentile(durations, 99.9),
            Number(requests, "failed") + fields.Count(line => line[Status] is not ("200" or "-1")));
    }

    private static TimeSpan Elapsed(Match finished)
    {
        var number = double.Parse(finished.Groups["number"].Value, CultureInfo.InvariantCulture);
        return finished.Groups["unit"].Value switch
        {
            "us" => TimeSpan.FromMicroseconds(number),
            "ms" => TimeSpan.FromMilliseconds(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    private static TimeSpan Percentile(long[] ordered, double percent) => ordered.Length == 0
        ? TimeSpan.Zero
        : TimeSpan.FromMicroseconds(ordered[Math.Max(0, (int)Math.Ceiling(ordered.Length * percent / 100) - 1)]);

    private static long Number(Match match, string name) => long.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^finished in (?<number>[\d.]+)(?<unit>us|ms|s), ", RegexOptions.Multiline)]
    private static partial Regex Finished();

    [GeneratedRegex(@"^requests: .* (?<succeeded>\d+) succeeded, (?<failed>\d+) failed, ", RegexOptions.Multiline)]
    private static partial Regex Requests();
}
