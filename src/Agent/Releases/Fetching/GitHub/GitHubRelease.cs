namespace BlueGreen.Agent.Releases.Fetching.GitHub;

/// <summary>A release as the API of GitHub tells of it; what is not needed here is left out. Octokit's own has no digests.</summary>
internal sealed class GitHubRelease
{
    /// <summary>Its tag.</summary>
    public string TagName { get; set; } = "";

    /// <summary>Whether it is not published yet.</summary>
    public bool Draft { get; set; }

    /// <summary>Whether it is a prerelease.</summary>
    public bool Prerelease { get; set; }

    /// <summary>Its files.</summary>
    public IReadOnlyList<GitHubAsset> Assets { get; set; } = [];
}
