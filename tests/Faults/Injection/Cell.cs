namespace BlueGreen.Faults.Injection;

/// <summary>One thing that can go wrong at one step.</summary>
/// <param name="Victim">What a fault is done to.</param>
/// <param name="Step">When.</param>
public sealed record Cell(Victim Victim, Step Step)
{
    /// <summary>All of them, victim by victim.</summary>
    public static IReadOnlyList<Cell> All { get; } =
        [.. from victim in Enum.GetValues<Victim>() from step in Enum.GetValues<Step>() select new Cell(victim, step)];

    /// <summary>Those that can happen.</summary>
    public static IReadOnlyList<Cell> Applicable { get; } = [.. All.Where(cell => cell.Obstacle is null)];

    /// <summary>Why this cannot happen; null where it can.</summary>
    public string? Obstacle => (Victim, Step) switch
    {
        (Victim.Candidate, < Step.Starting) => "the candidate has no process yet",
        (Victim.Candidate, >= Step.Switched) => "it is no candidate any more: it is the active release",
        (Victim.Old, Step.Idle) => "the replaced release has ended",
        (Victim.Old, < Step.Switched) => "no release is being replaced yet",
        (Victim.Cli, Step.Idle) => "nobody waits for a deployment",
        _ => null,
    };

    /// <summary>Whether the deployment has, by then, reached the point of no return.</summary>
    public bool IsAfterSwitch => Step is Step.Switched or Step.Draining;

    /// <inheritdoc/>
    public override string ToString() => $"{Victim}@{Step}".ToLowerInvariant();
}
