namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>What a remote source had when it was looked at: one file, and what lies beside it.</summary>
internal interface IRemoteVersion
{
    /// <summary>Tells it from other versions without its content (an ETag, a time, an asset's id). Null: the source has nothing of the kind.</summary>
    string? Id { get; }

    /// <summary>The file's name; no path, not empty.</summary>
    string Name { get; }

    /// <inheritdoc cref="FetchedFile.Label"/>
    string? Label { get; }

    /// <summary>Its bytes; null: not known before the end.</summary>
    long? Size { get; }

    /// <inheritdoc cref="FetchedFile.PublishedSha256"/>
    string? PublishedSha256 { get; }

    /// <summary>Opens the content from a byte on; the answer says from which byte it really starts, that or 0.</summary>
    /// <exception cref="SourceException">It cannot be read, or is another version by now.</exception>
    Task<OpenedContent> OpenAsync(long offset, CancellationToken cancel);

    /// <summary>Reads a small file beside it.</summary>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="SourceException">It cannot be told whether there is one.</exception>
    Task<byte[]?> ReadBesideAsync(string name, CancellationToken cancel);
}
