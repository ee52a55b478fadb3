namespace BlueGreen.Agent.Releases.Verification;

/// <summary>Whose releases an app takes.</summary>
internal sealed record TrustOptions
{
    /// <summary>
    /// The public keys a release may be signed with: each a public key of minisign, or the absolute path of a file with one or with an
    /// ECDSA P-256 key (PEM). Empty (the default): no signature is looked at.
    /// </summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Whether a release without a signature is refused. Default no; one that has a signature by another key, or a wrong one, always is.</summary>
    public bool Require { get; init; }

    /// <summary>
    /// Whether a release must carry a signed sequence number that is not lower than that of any release that was live. Default no. A
    /// rollback may go back.
    /// </summary>
    public bool Sequence { get; init; }
}
