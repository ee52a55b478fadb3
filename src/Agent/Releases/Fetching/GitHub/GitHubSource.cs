using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using BlueGreen.Agent.Releases.Fetching.Http;
using Octokit;

namespace BlueGreen.Agent.Releases.Fetching.GitHub;

/// <summary>The asset for this machine of a release on GitHub, or on an enterprise server.</summary>
internal sealed class GitHubSource : IRemoteSource, ICredentialStore
{
    /// <summary>What GitHub's own tools and actions use; meant for GitHub itself, so no other server is told.</summary>
    private static readonly string[] UsualVariables = ["GH_TOKEN", "GITHUB_TOKEN"];

    private readonly SourceOptions _options;
    private readonly SourceAddress.GitHub _address;
    private readonly GitHubApi _api;
    private readonly HttpAccess _downloads;
    private readonly TimeProvider _time;

    /// <param name="options">How it is reached.</param>
    /// <param name="address">The repository.</param>
    /// <param name="time">The clock of limits.</param>
    public GitHubSource(SourceOptions options, SourceAddress.GitHub address, TimeProvider time)
    {
        (_options, _address, _time) = (options, address, time);
        _api = new GitHubApi(options, address, this, time);
        // Assets are given by a redirect to another server, which must not learn the token.
        _downloads = new HttpAccess(
            options, options.GitHub.Api, () => Token() is { } token ? new AuthenticationHeaderValue("Bearer", token) : null);
    }

    /// <inheritdoc/>
    public async Task<IRemoteVersion?> LookAsync(string? known, CancellationToken cancel)
    {
        var release = await _api.ReleaseAsync(cancel);
        var whole = release.Assets.Where(asset => asset.State == "uploaded").ToDictionary(asset => asset.Name);
        var (name, problem) = AssetChoice.Among(whole.Keys, _options.GitHub.Asset, RuntimeInformation.OSArchitecture);
        if (name is null)
        {
            // While a release is published its assets come one by one.
            throw new SourceException($"release {release.TagName} of {_address.Owner}/{_address.Repository} {problem}");
        }

        var version = new GitHubVersion(release.TagName, whole[name], FileOf, whole);
        return version.Id == known ? null : version;
    }

    /// <inheritdoc/>
    public Task<Credentials> GetCredentials() => Task.FromResult(Token() is { } token ? new Credentials(token) : Credentials.Anonymous);

    /// <inheritdoc/>
    public void Dispose() => _downloads.Dispose();

    private HttpFile FileOf(GitHubAsset asset) => new(_downloads, new Uri(asset.Url), "application/octet-stream", _time);

    private string? Token() => _options.Auth.Token.Read()
        ?? (_options.GitHub.Api == GitHubOptions.Home
            ? UsualVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(token => !string.IsNullOrEmpty(token))
            : null);
}
