using System.Collections.Frozen;

namespace BlueGreen.Proxy.Tls;

/// <summary>From the host a client asks for (server_name, RFC 6066, 3) to the certificate it gets. Immutable.</summary>
public sealed class CertificateTable
{
    /// <summary>A table without certificates, in which every handshake fails.</summary>
    public static readonly CertificateTable Empty = new([]);

    private readonly FrozenDictionary<string, ServerCertificate> _byName;
    private readonly ServerCertificate? _default;

    /// <param name="certificates">Each with the names it is for; of two for the same name the first counts.</param>
    internal CertificateTable(IReadOnlyList<(IReadOnlyList<string> Names, ServerCertificate Certificate)> certificates)
    {
        var byName = new Dictionary<string, ServerCertificate>(StringComparer.OrdinalIgnoreCase);
        foreach (var (names, certificate) in certificates)
        {
            foreach (var name in names)
            {
                byName.TryAdd(name, certificate);
            }
        }

        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _default = certificates.Count == 0 ? null : certificates[0].Certificate;
    }

    /// <summary>
    /// The certificate for a host; the first one where the client names none, or none that is known: a refusal (unrecognized_name)
    /// would tell a person less than the warning of a browser. Null: there is none at all.
    /// </summary>
    internal ServerCertificate? Find(string? host) => (host is null ? null : Named(host)) ?? _default;

    /// <summary>Whether there is a certificate for this very host. Then it is a well-formed name, too.</summary>
    internal bool Names(string host) => Named(host) is not null;

    private ServerCertificate? Named(string host)
    {
        // A trailing dot names the same host (RFC 3986, 3.2.2).
        var name = host.EndsWith('.') ? host[..^1] : host;
        if (_byName.TryGetValue(name, out var exact))
        {
            return exact;
        }

        // '*' stands for one whole label (RFC 9525, 6.3).
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && IsLabel(name.AsSpan(0, dot)) ? _byName.GetValueOrDefault($"*{name[dot..]}") : null;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        foreach (var c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
