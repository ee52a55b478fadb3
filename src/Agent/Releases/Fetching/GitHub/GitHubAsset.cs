namespace BlueGreen.Agent.Releases.Fetching.GitHub;

/// <summary>A file of a release as the API of GitHub tells of it.</summary>
internal sealed class GitHubAsset
{
    /// <summary>Its number; a file that is replaced gets another one.</summary>
    public long Id { get; set; }

    /// <summary>Where the API has it.</summary>
    public string Url { get; set; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>uploaded</c> once it is whole.</summary>
    public string State { get; set; } = "";

    /// <summary>Its bytes.</summary>
    public long Size { get; set; }

    /// <summary><c>sha256:</c> and the digits; older files have none.</summary>
    public string? Digest { get; set; }
}
