using BlueGreen.Faults.Accounting;
using BlueGreen.Faults.Injection;

namespace BlueGreen.Faults.Running;

/// <summary>What one fault has done.</summary>
public sealed record CellResult
{
    /// <summary>The fault.</summary>
    public required Cell Cell { get; init; }

    /// <summary>What became of the load.</summary>
    public required Account Account { get; init; }

    /// <summary>Everything that is not as it must be, besides the load; a line each.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>The time without a front; null where it was not killed.</summary>
    public Outage? Outage { get; init; }

    /// <summary>Whether the probation of the new release ended in a rollback, which was told.</summary>
    public bool HasRolledBack { get; init; }

    /// <summary>How often it had to be tried again because its moment was missed.</summary>
    public int Missed { get; init; }

    /// <summary>How long all of it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>What the front printed meanwhile.</summary>
    public required string FrontLog { get; init; }

    /// <summary>Whether everything is as it must be.</summary>
    public bool IsGood => Account.IsClean && Problems.Count == 0;

    /// <summary>A run that could not be brought to its end.</summary>
    public static CellResult Broken(Cell cell, string why, TimeSpan took, string frontLog) => new()
    {
        Cell = cell,
        Account = Account.Empty,
        Problems = [new Problem(ProblemKind.Unsettled, why)],
        Took = took,
        FrontLog = frontLog,
    };

    /// <summary>How many problems there are of a kind.</summary>
    public int CountOf(ProblemKind kind) => Problems.Count(problem => problem.Kind == kind);
}
