using BlueGreen.Faults.Jobs;

namespace BlueGreen.Faults.Running;

/// <summary>What came of deployments beside which something must run once.</summary>
public sealed record OnceResult
{
    /// <summary>Who ran it when.</summary>
    public required JobHistory History { get; init; }

    /// <summary>What went on.</summary>
    public required IReadOnlyList<Happening> Happenings { get; init; }

    /// <summary>What is not as it must be, besides.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>Whether it ran once at a time, and everything else is as it must be.</summary>
    public bool IsGood => History.IsClean && Problems.Count == 0;
}
