using BlueGreen.Faults.Injection;

namespace BlueGreen.Faults.Running;

/// <summary>What must come of a fault.</summary>
internal static class Expectation
{
    /// <summary>Whether the new release must serve in the end; otherwise the old one must.</summary>
    public static bool IsNewRelease(Cell cell) => cell switch
    {
        // Before the point of no return, a candidate that dies and a front that forgets what it was doing leave the old release.
        { Victim: Victim.Candidate } => false,
        { Victim: Victim.Front, IsAfterSwitch: false } => false,
        { Step: Step.Idle } => false,
        // A deployment goes on whatever happens to the old workers or to the one who asked for it.
        _ => true,
    };

    /// <summary>Whether the new release may have been rolled back: its worker was hurt while it was on probation.</summary>
    public static bool MayRollBack(Cell cell) => cell is { IsAfterSwitch: true, Victim: Victim.Active or Victim.Stopped };

    /// <summary>The exit code that <c>deploy</c> must have; null where it was killed or any failure will do.</summary>
    public static int? ExitCode(Cell cell) => cell switch
    {
        { Victim: Victim.Cli or Victim.Front } => null,
        { Victim: Victim.Candidate } => 1,
        _ => 0,
    };
}
