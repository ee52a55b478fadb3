namespace BlueGreen.Faults.Jobs;

/// <summary>What is killed, and when.</summary>
/// <param name="IsFront">The front; else the process that runs the job.</param>
/// <param name="Moment">When.</param>
public sealed record JobKill(bool IsFront, KillMoment Moment)
{
    /// <summary>Each moment in turn, for the front and for the job.</summary>
    /// <param name="each">How many of each.</param>
    public static IReadOnlyList<JobKill> Some(int each) =>
    [
        .. from index in Enumerable.Range(0, each)
           from isFront in (bool[])[true, false]
           let moment = (index + (isFront ? 0 : 1)) % 3
           select new JobKill(isFront, moment switch { 0 => KillMoment.Handover, 1 => KillMoment.Idle, _ => KillMoment.During }),
    ];

    /// <summary>What it is, for people.</summary>
    public override string ToString() => $"{Who} killed ({Moment})";

    /// <summary>Who is killed.</summary>
    public string Who => IsFront ? "front" : "job";
}
