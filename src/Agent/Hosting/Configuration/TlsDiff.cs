using BlueGreen.Proxy.Tls;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Compares what two configurations say of TLS. A password is never shown, not even that it is another one.</summary>
internal static class TlsDiff
{
    /// <summary>One line a certificate that came, went or is told of in other words; certificates go by their files.</summary>
    public static IEnumerable<string> Between(TlsOptions old, TlsOptions @new)
    {
        var before = old.Certificates.Select(certificate => certificate.Certificate).Distinct().ToArray();
        var after = @new.Certificates.Select(certificate => certificate.Certificate).Distinct().ToArray();
        foreach (var file in before.Except(after))
        {
            yield return $"tls.certificates {file}: removed";
        }

        foreach (var file in after)
        {
            if (!before.Contains(file))
            {
                yield return $"tls.certificates {file}: added";
            }
            else if (!TextsOf(old, file).SequenceEqual(TextsOf(@new, file)))
            {
                yield return $"tls.certificates {file}: changed";
            }
        }

        // The first one serves clients that name no host, and the first of two for the same host counts.
        if (!before.Intersect(after).SequenceEqual(after.Intersect(before)))
        {
            yield return "tls.certificates: in another order";
        }

        if (old.Redirect != @new.Redirect)
        {
            yield return $"tls.redirect {Text(old.Redirect)} -> {Text(@new.Redirect)}";
        }
    }

    /// <summary>All that is said of a file, comparable; the order of hosts means nothing.</summary>
    private static IEnumerable<(string Hosts, string? Key, string? Password)> TextsOf(TlsOptions tls, string file) => tls.Certificates
        .Where(certificate => certificate.Certificate == file)
        .Select(certificate => (string.Join(',', certificate.Hosts.Order(StringComparer.Ordinal)), certificate.Key, certificate.Password));

    private static string Text(bool value) => value ? "true" : "false";
}
