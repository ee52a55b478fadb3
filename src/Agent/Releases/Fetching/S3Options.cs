namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>How S3, or a server that speaks its protocol, is reached.</summary>
internal sealed record S3Options
{
    /// <summary>The server. Null (the default): that of Amazon for the region.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Null (the default): what the environment or the profile says, else us-east-1.</summary>
    public string? Region { get; init; }

    /// <summary>Whether the bucket is in the path rather than the host name. Default: where an endpoint is given.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Null: environment, profile and instance metadata are asked, in this order.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Belongs to <see cref="AccessKey"/>.</summary>
    public Secret SecretKey { get; init; } = Secret.None;

    /// <summary>The profile in ~/.aws/credentials or ~/.aws/config to take credentials from. Null: the usual order.</summary>
    public string? Profile { get; init; }
}
