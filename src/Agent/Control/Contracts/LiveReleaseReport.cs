namespace BlueGreen.Agent.Control.Contracts;

/// <summary>A release that has workers.</summary>
/// <param name="Release">Its number.</param>
/// <param name="Label">Its label.</param>
/// <param name="Digest">sha256 of its content.</param>
/// <param name="Role">candidate, active, standby, draining or retired.</param>
/// <param name="Since">Since when it has that role.</param>
/// <param name="Workers">Its workers.</param>
internal sealed record LiveReleaseReport(
    int Release, string Label, string Digest, string Role, DateTimeOffset Since, IReadOnlyList<WorkerReport> Workers);
