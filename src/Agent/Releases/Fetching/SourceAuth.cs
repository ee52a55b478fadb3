namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>How the front proves who it is. A token goes before user and password, these before what the URL holds.</summary>
internal sealed record SourceAuth
{
    /// <summary>For Basic authentication (RFC 7617); null: the URL's user, if any.</summary>
    public string? User { get; init; }

    /// <summary>Belongs to <see cref="User"/>.</summary>
    public Secret Password { get; init; } = Secret.None;

    /// <summary>For Bearer authentication (RFC 6750), and for GitHub.</summary>
    public Secret Token { get; init; } = Secret.None;
}
