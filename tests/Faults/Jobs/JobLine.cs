using System.Globalization;

namespace BlueGreen.Faults.Jobs;

/// <summary>One line of the file that the jobs of an app write to.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Pid">The process that wrote it.</param>
/// <param name="At">When: CLOCK_MONOTONIC in nanoseconds, which is <c>Stopwatch.GetTimestamp()</c> of every process of this machine.</param>
/// <param name="Generation">The number it runs under.</param>
/// <param name="Release">Of which release it is.</param>
public readonly record struct JobLine(JobLineKind Kind, int Pid, long At, long Generation, int Release)
{
    /// <summary>Whether it tells of a job that runs, not of a message.</summary>
    public bool IsOfJob => Kind <= JobLineKind.Clash;

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static JobLine Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var culture = CultureInfo.InvariantCulture;
        return text.Split(' ') is [var kind, var pid, var at, var generation, var release]
            ? new JobLine(
                Enum.Parse<JobLineKind>(kind, ignoreCase: true), int.Parse(pid, culture), long.Parse(at, culture),
                long.Parse(generation, culture), int.Parse(release, culture))
            : throw new FormatException($"“{text}” is no line of a job");
    }

    /// <summary>Reads a file; one that is not there yet has no lines.</summary>
    public static IReadOnlyList<JobLine> ReadAll(string path) => File.Exists(path) ? [.. File.ReadLines(path).Select(Parse)] : [];

    /// <summary>What a job has written last; the default where none has.</summary>
    public static JobLine LastOf(string path) => ReadAll(path).Where(line => line.IsOfJob).DefaultIfEmpty().MaxBy(line => line.At);
}
