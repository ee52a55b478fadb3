namespace BlueGreen.Faults.Jobs;

/// <summary>What went on while a job ran, so that its gaps can be put down to something.</summary>
/// <param name="Name">What.</param>
/// <param name="From">Its begin, by CLOCK_MONOTONIC in nanoseconds.</param>
/// <param name="To">Its end; the same for a moment.</param>
public readonly record struct Happening(string Name, long From, long To)
{
    /// <summary>What a gap is put down to: the shortest that it came into, so a kill rather than the deployment around it.</summary>
    /// <param name="gap">The gap.</param>
    /// <param name="happenings">Everything that went on.</param>
    public static string CauseOf(JobGap gap, IEnumerable<Happening> happenings)
    {
        ArgumentNullException.ThrowIfNull(gap);
        return happenings.Where(one => one.From <= gap.To && gap.From <= one.To)
            .OrderBy(one => one.To - one.From).Select(one => one.Name).FirstOrDefault() ?? "nothing";
    }
}
