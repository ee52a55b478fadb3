namespace BlueGreen.Agent.Releases.Fetching.Http;

/// <summary>What a web server had at an address when it was looked at.</summary>
internal sealed class HttpVersion(HttpFile file, Func<string, HttpFile> beside, string? id, string name, long? size) : IRemoteVersion
{
    /// <inheritdoc/>
    public string? Id => id;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string? Label => null;

    /// <inheritdoc/>
    public long? Size => size;

    /// <inheritdoc/>
    public string? PublishedSha256 => null;

    /// <inheritdoc/>
    public Task<OpenedContent> OpenAsync(long offset, CancellationToken cancel) => file.OpenAsync(offset, id, cancel);

    /// <inheritdoc/>
    public Task<byte[]?> ReadBesideAsync(string besideName, CancellationToken cancel) => beside(besideName).ReadSmallAsync(cancel);
}
