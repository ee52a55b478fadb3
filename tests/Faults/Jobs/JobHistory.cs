namespace BlueGreen.Faults.Jobs;

/// <summary>What the lines of a job's file prove: who ran it when, and whether ever two did.</summary>
public sealed class JobHistory
{
    /// <summary>From which length on a time without a line counts as a gap although the process lived: three ticks.</summary>
    public static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(300);

    private const int NanosecondsPerTick = 100;

    private JobHistory(IReadOnlyList<JobTerm> terms, IReadOnlyList<JobTerm> clashes, IReadOnlyList<JobGap> gaps)
    {
        Terms = terms;
        Clashes = clashes;
        Gaps = gaps;
        Overlaps =
        [
            .. terms.SelectMany((first, index) => terms.Skip(index + 1).Select(second => JobOverlap.Of(first, second))).OfType<JobOverlap>(),
        ];
        Falls =
        [
            .. terms.Where((term, index) => terms.Take(index).Any(earlier => earlier.Generation >= term.Generation)),
        ];
    }

    /// <summary>One entry for each process and generation, by their begin.</summary>
    public IReadOnlyList<JobTerm> Terms { get; }

    /// <summary>Each two that lived at once, as their lines show.</summary>
    public IReadOnlyList<JobOverlap> Overlaps { get; }

    /// <summary>Those that found another one alive when they began, as the kernel's lock shows.</summary>
    public IReadOnlyList<JobTerm> Clashes { get; }

    /// <summary>Those whose generation is not higher than that of every one before.</summary>
    public IReadOnlyList<JobTerm> Falls { get; }

    /// <summary>Every time without a line: between two terms, and where a process stalled.</summary>
    public IReadOnlyList<JobGap> Gaps { get; }

    /// <summary>Whether it ran once at a time, under numbers that only grew.</summary>
    public bool IsClean => Overlaps.Count == 0 && Clashes.Count == 0 && Falls.Count == 0;

    /// <summary>Looks at the lines of a file, in any order.</summary>
    public static JobHistory Of(IEnumerable<JobLine> lines)
    {
        var ordered = lines.Where(line => line.IsOfJob).OrderBy(line => line.At).ToList();
        var terms = ordered.GroupBy(line => (line.Pid, line.Generation)).ToDictionary(group => group.Key, group => JobTerm.Of([.. group]));
        return new JobHistory(
            [.. terms.Values.OrderBy(term => term.First)],
            [.. ordered.Where(line => line.Kind == JobLineKind.Clash).Select(line => terms[(line.Pid, line.Generation)])],
            [
                .. ordered.Zip(ordered.Skip(1), (before, after) => new JobGap(
                    terms[(before.Pid, before.Generation)], terms[(after.Pid, after.Generation)], before.At, after.At))
                    .Where(gap => gap.IsHandover || gap.Length > Stall),
            ]);
    }

    internal static TimeSpan Nanoseconds(long count) => TimeSpan.FromTicks(count / NanosecondsPerTick);
}
