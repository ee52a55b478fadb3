namespace BlueGreen.Proxy.Tls;

/// <summary>What the front needs for its https addresses.</summary>
public sealed record TlsOptions
{
    /// <summary>
    /// The certificates. Where two are for the same name the earlier one counts. Clients that name no host, or one that no certificate
    /// is for, get the first that can be used. Default: none, and then every handshake fails.
    /// </summary>
    public IReadOnlyList<CertificateOptions> Certificates { get; init; } = [];

    /// <summary>
    /// Whether a request that comes over http, to a host that has a certificate, is sent on to the same address over https. Default
    /// false: browsers remember such an answer, so it is for those to ask for who mean it.
    /// </summary>
    public bool Redirect { get; init; }
}
