namespace BlueGreen.Agent.Control.Contracts;

/// <summary>One line of <c>releases --json</c>: a release in the store.</summary>
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
/// <param name="Outcome">
/// What has become of it: its role where it has one; else replaced (it served), rolledback (it failed its probation), failed or interrupted
/// (of the last attempt to go back to it); null where the history says nothing.
/// </param>
internal sealed record StoredReleaseReport(
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
    string? Outcome);
