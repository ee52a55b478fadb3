namespace BlueGreen.Proxy.Tls;

/// <summary>Where one certificate is read from, and which hosts it is for.</summary>
public sealed record CertificateOptions
{
    /// <summary>
    /// Host names, exact or <c>*.example.com</c> (one label more, RFC 9525, 6.3). Default, empty: those in the certificate (its subject
    /// alternative names).
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>
    /// The absolute path of a PEM file (the certificate, then those that lead from it to its authority, in any order, and perhaps the
    /// key), or of a PFX (PKCS #12) file, which holds the key too.
    /// </summary>
    public string Certificate { get; init; } = "";

    /// <summary>The absolute path of the key's PEM file. Default null: the key is in <see cref="Certificate"/>.</summary>
    public string? Key { get; init; }

    /// <summary>What the key, or the PFX file, is encrypted with. Default null: it is not. Never logged.</summary>
    public string? Password { get; init; }

    /// <summary>The file's path, so that the password cannot end up in a log.</summary>
    public override string ToString() => Certificate;
}
