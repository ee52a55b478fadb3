using BlueGreen.Agent.Releases.Fetching.Http;

namespace BlueGreen.Agent.Releases.Fetching.GitHub;

/// <summary>An asset of a release as it was when it was looked at.</summary>
internal sealed class GitHubVersion(
    string tag, GitHubAsset asset, Func<GitHubAsset, HttpFile> open, IReadOnlyDictionary<string, GitHubAsset> assets) : IRemoteVersion
{
    private const string Sha256 = "sha256:";

    /// <summary>What the server that gives the asset tells it by, to go on after a break.</summary>
    private string? _content;

    /// <summary>A file that is replaced gets another number, so the number is enough.</summary>
    public string Id => $"asset {asset.Id} {tag}";

    /// <inheritdoc/>
    public string Name => PublishedName.Of(asset.Name);

    /// <inheritdoc/>
    public string Label => tag;

    /// <inheritdoc/>
    public long? Size => asset.Size;

    /// <inheritdoc/>
    public string? PublishedSha256 => asset.Digest is { } digest && digest.StartsWith(Sha256, StringComparison.Ordinal) ? digest[Sha256.Length..].ToLowerInvariant() : null;

    /// <inheritdoc/>
    public async Task<OpenedContent> OpenAsync(long offset, CancellationToken cancel)
    {
        var opened = await open(asset).OpenAsync(offset, _content, cancel);
        _content = opened.Id;
        return opened;
    }

    /// <inheritdoc/>
    public Task<byte[]?> ReadBesideAsync(string name, CancellationToken cancel) =>
        assets.TryGetValue(name, out var beside) ? open(beside).ReadSmallAsync(cancel) : Task.FromResult<byte[]?>(null);
}
