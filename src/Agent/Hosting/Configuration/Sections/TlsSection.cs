using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Proxy.Tls;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of the front's <c>tls</c>.</summary>
internal static class TlsSection
{
    /// <summary>See <see cref="TlsOptions"/>.</summary>
    public static Section<TlsOptions> Section { get; } = new()
    {
        { "certificates", Certificates, (tls, certificates) => tls with { Certificates = certificates } },
        { "redirect", TextReaders.OneOf(("true", true), ("false", false)), (tls, redirect) => tls with { Redirect = redirect } },
    };

    private static ValueReader<IReadOnlyList<CertificateOptions>> Certificates => ListReaders.Of<CertificateOptions>(
        CertificateSection.Read,
        (earlier, later) => later.Hosts.Intersect(earlier.Hosts).FirstOrDefault() is { } host
            ? $"{host} has the certificate {earlier.Certificate} already: take the host out of one of the two"
            : null);
}
