namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>A file that was fetched for a release and is not unpacked yet: what can be verified of it.</summary>
/// <param name="Path">Absolute path of the file.</param>
/// <param name="Name">The name it was published under.</param>
/// <param name="PublishedSha256">The SHA-256 its source tells of it: 64 lower-case hexadecimal digits. Null: it tells none.</param>
/// <param name="ReadBesideAsync">Reads a small file that was published beside it, by its name; null: there is none.</param>
internal sealed record FetchedFile(
    string Path, string Name, string? PublishedSha256, Func<string, CancellationToken, Task<byte[]?>> ReadBesideAsync)
{
    /// <summary>What the release is called where that is not the file's name: a tag. Null: it is.</summary>
    public string? Label { get; init; }
}
