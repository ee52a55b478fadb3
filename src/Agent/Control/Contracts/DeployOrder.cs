namespace BlueGreen.Agent.Control.Contracts;

/// <summary>The body of POST /v1/apps/APP/deployments.</summary>
internal sealed record DeployOrder
{
    /// <summary>What to deploy: an absolute path on the front's machine, or a URL: http, https, s3://BUCKET/KEY, github://OWNER/REPOSITORY@TAG.</summary>
    public required string Source { get; init; }

    /// <summary>Default: the file or directory name.</summary>
    public string? Label { get; init; }

    /// <summary>How to start it. Default: the app's, or found in the release.</summary>
    public string? Command { get; init; }

    /// <summary>Milliseconds until it must have switched. Default: the app's health deadline bounds the wait for its workers.</summary>
    public long? TimeoutMs { get; init; }

    /// <summary>The SHA-256 that the source, a file, must have: 64 hexadecimal digits. Default: any.</summary>
    public string? Sha256 { get; init; }
}
