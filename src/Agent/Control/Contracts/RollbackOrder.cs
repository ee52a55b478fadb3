namespace BlueGreen.Agent.Control.Contracts;

/// <summary>The body of POST /v1/apps/APP/rollback.</summary>
internal sealed record RollbackOrder
{
    /// <summary>The release to go back to. Default: the one that served before the active one.</summary>
    public int? Release { get; init; }

    /// <summary>Whether the release phase of that release is run. Default: not.</summary>
    public bool ReleasePhase { get; init; }
}
