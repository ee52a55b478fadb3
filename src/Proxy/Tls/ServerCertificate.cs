using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace BlueGreen.Proxy.Tls;

/// <summary>
/// A certificate that is ready for handshakes, with its key and its chain. Immutable. It is never disposed of: handshakes may be using
/// it when the next one takes its place, and the collector frees it after the last.
/// </summary>
internal sealed class ServerCertificate
{
    private readonly X509Certificate2 _leaf;

    /// <param name="leaf">With its key.</param>
    /// <param name="others">Those of the chain, and perhaps more.</param>
    public ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection others)
    {
        _leaf = leaf;
        Names = [.. NamesOf(leaf)];
        Handshake = new SslServerAuthenticationOptions
        {
            // Offline: a chain that is not in the file is a mistake to see, not something to fetch while clients wait.
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, others, offline: true),
            // RFC 8996 forbids the versions before 1.2.
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
    }

    /// <summary>The hosts it names, lower case: exact names, <c>*.example.com</c>, IP addresses as they stand in a URL.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Shared by all handshakes, so that the sessions they begin can be resumed (RFC 8446, 2.2).</summary>
    public SslServerAuthenticationOptions Handshake { get; }

    public DateTimeOffset ValidFrom => _leaf.NotBefore;

    public DateTimeOffset ValidUntil => _leaf.NotAfter;

    public string Thumbprint => _leaf.Thumbprint;

    public bool IsValidAt(DateTimeOffset time) => time >= ValidFrom && time <= ValidUntil;

    /// <summary>The subject's common name is none of them: clients have not looked at it for years (RFC 9525, 2).</summary>
    private static IEnumerable<string> NamesOf(X509Certificate2 leaf) => leaf.Extensions
        .OfType<X509SubjectAlternativeNameExtension>()
        .SelectMany(names => names.EnumerateDnsNames().Concat(
            names.EnumerateIPAddresses().Select(address => new UriBuilder(Uri.UriSchemeHttps, address.ToString()).Uri.Host)))
        .Select(name => name.ToLowerInvariant())
        .Distinct();
}
