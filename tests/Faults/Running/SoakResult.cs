using BlueGreen.Faults.Accounting;
using BlueGreen.Faults.Injection;

namespace BlueGreen.Faults.Running;

/// <summary>What came of a soak.</summary>
public sealed record SoakResult
{
    /// <summary>What became of the load.</summary>
    public required Account Account { get; init; }

    /// <summary>What is not as it must be, besides.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>The faults that were done.</summary>
    public required IReadOnlyDictionary<Victim, int> Faults { get; init; }

    /// <summary>Faults that met nobody, such as a candidate when there was none.</summary>
    public required int Nobody { get; init; }

    /// <summary>The commands by their exit codes; that of a killed one is 137.</summary>
    public required IReadOnlyDictionary<string, int> Commands { get; init; }

    /// <summary>The times without a front.</summary>
    public required IReadOnlyList<Outage> Outages { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>Whether everything is as it must be.</summary>
    public bool IsGood => Account.IsClean && Problems.Count == 0;
}
