namespace BlueGreen.Faults.Jobs;

/// <summary>The time in which one process did what must run once, under one generation.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Generation">The number it ran under.</param>
/// <param name="Release">Of which release it was.</param>
/// <param name="First">Its first line, in nanoseconds.</param>
/// <param name="Last">Its last line: one that is killed lives for up to one tick longer.</param>
/// <param name="HasEnded">Whether it ended as it was told to.</param>
public sealed record JobTerm(int Pid, long Generation, int Release, long First, long Last, bool HasEnded)
{
    /// <summary>Puts the lines of one process and generation together.</summary>
    public static JobTerm Of(IReadOnlyCollection<JobLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var any = lines.First();
        return new JobTerm(
            any.Pid, any.Generation, any.Release, lines.Min(line => line.At), lines.Max(line => line.At),
            lines.Any(line => line.Kind == JobLineKind.End));
    }

    /// <summary>Who it is, for people.</summary>
    public override string ToString() => $"pid {Pid} of release {Release}, generation {Generation}";
}
