namespace BlueGreen.Faults.Jobs;

/// <summary>Two that lived at once.</summary>
/// <param name="First">The one that was there.</param>
/// <param name="Second">The one that came.</param>
/// <param name="Length">For how long.</param>
public sealed record JobOverlap(JobTerm First, JobTerm Second, TimeSpan Length)
{
    /// <summary>Where two terms overlap; null where they do not.</summary>
    /// <param name="first">A term.</param>
    /// <param name="second">One that did not begin before it.</param>
    public static JobOverlap? Of(JobTerm first, JobTerm second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return second.First <= first.Last
            ? new JobOverlap(first, second, JobHistory.Nanoseconds(Math.Min(first.Last, second.Last) - second.First))
            : null;
    }
}
