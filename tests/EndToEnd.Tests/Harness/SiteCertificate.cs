using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>A certificate for site.example that signs itself.</summary>
public static class SiteCertificate
{
    /// <summary>Writes site.pem and key.pem into the folder.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">Its subject, to tell it from another.</param>
    public static void Write(TestFolder folder, string name)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("site.example");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60));
        folder.Write("site.pem", certificate.ExportCertificatePem());
        folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
    }
}
