namespace BlueGreen.Agent.Releases.Sources;

/// <summary>A file in the staging folder that a release is about to be made from.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Name">The name it was published under.</param>
/// <param name="Sha256">The digest of its bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="HasMode">Whether its permissions say whether it is a program; else its first bytes do.</param>
internal sealed record SourceFile(string Path, string Name, string Sha256, bool HasMode);
