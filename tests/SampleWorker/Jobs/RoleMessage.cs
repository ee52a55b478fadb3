namespace BlueGreen.SampleWorker.Jobs;

/// <summary>What a front tells a worker.</summary>
/// <param name="Role">standby, active or draining.</param>
/// <param name="Generation">Grows with every change of leadership.</param>
/// <param name="Release">The worker's release.</param>
/// <param name="Leader">Whether this worker runs what must run once.</param>
internal sealed record RoleMessage(string Role, long Generation, int Release, bool Leader)
{
    /// <summary>Whether it tells of this: a role, or leader.</summary>
    public bool Is(string? what) => what == Role || (Leader && what == "leader");
}
