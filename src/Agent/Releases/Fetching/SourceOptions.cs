namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>Where an app's releases come from, as its user configured it.</summary>
internal sealed record SourceOptions
{
    /// <summary>The place.</summary>
    public required SourceAddress Address { get; init; }

    /// <summary>How often it is looked at for something new, give or take a tenth. Null (the default): only when somebody asks.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>What is done with something new. Default: it is deployed.</summary>
    public NewContent Deploy { get; init; } = NewContent.Auto;

    /// <summary>The largest download, in bytes. Default 2 GB.</summary>
    public long MaxSize { get; init; } = 2_000_000_000;

    /// <summary>How long a connection may take to come about. Default 10 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer, or the next bytes of one, may take. Default 30 s.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How the front proves who it is to web servers and GitHub.</summary>
    public SourceAuth Auth { get; init; } = new();

    /// <summary>What only S3 needs.</summary>
    public S3Options S3 { get; init; } = new();

    /// <summary>What only GitHub needs.</summary>
    public GitHubOptions GitHub { get; init; } = new();

    /// <summary>
    /// The same for another place: with the password and token only where it is on the same server, since they are meant for that one.
    /// </summary>
    public SourceOptions For(SourceAddress address) =>
        this with { Address = address, Auth = IsSameServer(Address, address) ? Auth : new SourceAuth() };

    /// <summary>The options of a place for which nothing is configured.</summary>
    public static SourceOptions Default(SourceAddress address) => new() { Address = address };

    private static bool IsSameServer(SourceAddress one, SourceAddress other) => (one, other) switch
    {
        (SourceAddress.Http { Url: var here }, SourceAddress.Http { Url: var there }) =>
            Uri.Compare(here, there, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0,
        _ => one.GetType() == other.GetType(),
    };
}
