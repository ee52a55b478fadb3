namespace BlueGreen.Agent.Workers;

/// <summary>How something that ran once ended.</summary>
/// <param name="Exit">Null: its time was over, and it was ended.</param>
/// <param name="Output">The last lines it printed.</param>
internal sealed record OneOffEnd(WorkerExit? Exit, IReadOnlyList<string> Output)
{
    /// <summary>It ended in time, with exit status 0.</summary>
    public bool Succeeded => Exit is { Status: 0 };
}
