namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>How a release on GitHub is found, and which of its assets is meant.</summary>
internal sealed record GitHubOptions
{
    /// <summary>The API of GitHub itself.</summary>
    public static Uri Home { get; } = new("https://api.github.com/");

    /// <summary>The API's base. Default GitHub's own; an enterprise server's is https://HOST/api/v3/.</summary>
    public Uri Api { get; init; } = Home;

    /// <summary>Whether the latest release may be a prerelease. Default no.</summary>
    public bool Prerelease { get; init; }

    /// <summary>The asset's name, with <c>*</c> and <c>?</c>. Null (the default): the one for this machine's system and processor.</summary>
    public string? Asset { get; init; }
}
