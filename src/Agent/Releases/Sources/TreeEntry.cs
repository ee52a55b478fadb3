namespace BlueGreen.Agent.Releases.Sources;

/// <summary>One thing in a release's tree.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">SHA-256 of a file's bytes in lower-case hexadecimal, a link's target, nothing for a folder.</param>
internal readonly record struct TreeEntry(TreeEntryKind Kind, string Content);
