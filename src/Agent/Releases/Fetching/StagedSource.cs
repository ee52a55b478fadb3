namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>A staged copy, and which version of its source it is.</summary>
/// <param name="Release">The copy.</param>
/// <param name="Version">See <see cref="IRemoteVersion.Id"/>; for a path <see cref="PathFingerprint"/>.</param>
/// <param name="Label">What it is called: the tag, else the name of the file or folder.</param>
internal sealed record StagedSource(StagedRelease Release, string? Version, string Label);
