namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>A staged copy, and which version of its source it is.</summary>
/// <param name="Release">The copy.</param>
/// <param name="Version">See <see cref="IRemoteVersion.Id"/>; for a path <see cref="PathFingerprint"/>.</param>
internal sealed record StagedSource(StagedRelease Release, string? Version);
