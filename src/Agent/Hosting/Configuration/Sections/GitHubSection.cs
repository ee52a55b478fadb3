using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of a source's <c>github</c>.</summary>
internal static class GitHubSection
{
    /// <summary>Where enterprise servers have the API.</summary>
    private const string EnterprisePath = "/api/v3/";

    /// <summary>See <see cref="GitHubOptions"/>.</summary>
    public static Section<GitHubOptions> Section { get; } = new()
    {
        { "api", UrlReaders.Server, (github, api) => github with { Api = WithPath(api) } },
        { "prerelease", TextReaders.OneOf(("true", true), ("false", false)), (github, allowed) => github with { Prerelease = allowed } },
        { "asset", TextReaders.NotEmpty("a name such as *-linux-x64.tar.gz"), (github, asset) => github with { Asset = asset } },
    };

    private static Uri WithPath(Uri api) => api.AbsolutePath == "/"
        ? api == GitHubOptions.Home ? api : new Uri(api, EnterprisePath)
        : new Uri(api.AbsoluteUri.TrimEnd('/') + "/");
}
