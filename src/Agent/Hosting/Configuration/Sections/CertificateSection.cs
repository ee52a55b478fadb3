using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Proxy.Tls;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of one certificate of <c>tls.certificates</c>. What its files hold is looked at by those who use them.</summary>
internal static class CertificateSection
{
    private static readonly Section<CertificateOptions> Section = new()
    {
        { "hosts", HostsReader.Hosts, (certificate, hosts) => certificate with { Hosts = hosts } },
        { "certificate", TextReaders.AbsolutePath("a PEM or PFX file"), (certificate, path) => certificate with { Certificate = path } },
        { "key", TextReaders.AbsolutePath("a PEM file"), (certificate, path) => certificate with { Key = path } },
        { "password", Password, (certificate, password) => certificate with { Password = password } },
    };

    /// <summary>See <see cref="CertificateOptions"/>.</summary>
    public static ReadResult<CertificateOptions> Read(ConfigurationValue value)
    {
        var errorsBefore = value.Reading.ErrorCount;
        if (value.IsNull)
        {
            value.ReportUnexpected("a map with hosts, certificate, key and password");
        }

        var certificate = Section.Read(value, new CertificateOptions());
        if (value.Reading.ErrorCount == errorsBefore && certificate.Certificate.Length == 0)
        {
            value.Report("needs a certificate: the path of a PEM or PFX file");
        }

        return value.Reading.ErrorCount == errorsBefore ? ReadResult<CertificateOptions>.Of(certificate) : ReadResult<CertificateOptions>.Reported;
    }

    /// <summary>Anything, blanks and nothing at all included; no message ever holds it.</summary>
    private static ValueReader<string> Password => value =>
        value.TryGetText("a password", out var text) ? ReadResult<string>.Of(text) : ReadResult<string>.Reported;
}
