namespace BlueGreen.Agent.Control.Contracts;

/// <summary>All that is known of one stored release. Of its environment the names alone: the values may be secrets.</summary>
/// <param name="Release">Its number.</param>
/// <param name="Label">Its label.</param>
/// <param name="Digest">sha256 of its content.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="At">When it was stored.</param>
/// <param name="SizeBytes">The size of its content.</param>
/// <param name="Command">How it is started.</param>
/// <param name="Role">What it is at this moment: candidate, active, standby, draining; null when it has no workers.</param>
/// <param name="RollbackTarget">True for the release that <c>rollback</c> goes back to.</param>
/// <param name="By">Who deployed it; null where nobody asked for it over the control socket.</param>
/// <param name="Outcome">What has become of it; see <see cref="StoredReleaseReport"/>.</param>
/// <param name="CommandOrigin">Where the command was found: command, Procfile, ...</param>
/// <param name="Directory">Its folder.</param>
/// <param name="Env">The names of the variables it was deployed with.</param>
/// <param name="SameContent">Other stored releases with the same content.</param>
/// <param name="Deployments">The deployments it was in, oldest first.</param>
internal sealed record ReleaseReport(
    int Release,
    string Label,
    string Digest,
    string Source,
    DateTimeOffset At,
    long SizeBytes,
    string Command,
    string? Role,
    bool RollbackTarget,
    ActorReport? By,
    string? Outcome,
    string CommandOrigin,
    string Directory,
    IReadOnlyList<string> Env,
    IReadOnlyList<int> SameContent,
    IReadOnlyList<DeploymentRecord> Deployments);
