namespace BlueGreen.Faults.Jobs;

/// <summary>A time without any line.</summary>
/// <param name="Before">Who wrote the line before it.</param>
/// <param name="After">Who wrote the line after it; the same where a process was only slow.</param>
/// <param name="From">The line before, in nanoseconds.</param>
/// <param name="To">The line after.</param>
public sealed record JobGap(JobTerm Before, JobTerm After, long From, long To)
{
    /// <summary>How long it is.</summary>
    public TimeSpan Length => JobHistory.Nanoseconds(To - From);

    /// <summary>Whether another term follows.</summary>
    public bool IsHandover => Before != After;
}
