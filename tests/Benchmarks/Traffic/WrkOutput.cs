using System.Globalization;
using System.Text.RegularExpressions;

namespace BlueGreen.Benchmarks.Traffic;

/// <summary>Reads the line of figures that load.lua prints when wrk is done.</summary>
internal static partial class WrkOutput
{
    /// <exception cref="FormatException">There is no such line.</exception>
    public static Measurement Parse(string output)
    {
        var match = Figures().Match(output);
        if (!match.Success)
            throw new FormatException($"wrk has printed no figures:\n{output}");
        return new Measurement(
            Number("requests"), Time("microseconds"), Time("p50"), Time("p99"), Time("p999"), Number("failed"));

        long Number(string name) => long.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        TimeSpan Time(string name) => TimeSpan.FromMicroseconds(Number(name));
    }

    [GeneratedRegex(
        @"^figures: requests=(?<requests>\d+) microseconds=(?<microseconds>\d+) p50=(?<p50>\d+) p99=(?<p99>\d+) p999=(?<p999>\d+) failed=(?<failed>\d+)\r?$",
        RegexOptions.Multiline)]
    private static partial Regex Figures();
}
