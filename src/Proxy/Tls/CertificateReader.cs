using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace BlueGreen.Proxy.Tls;

/// <summary>Makes a certificate of the content of its files: PEM (RFC 7468) or PFX (PKCS #12, RFC 7292).</summary>
internal static class CertificateReader
{
    private const string BeginCertificate = "-----BEGIN CERTIFICATE-----";

    public static CertificateReading Read(CertificateOptions options, CertificateContent content)
    {
        if (content.Problem is { } problem)
        {
            return CertificateReading.Bad(problem);
        }

        try
        {
            return IsPem(content.Certificate) ? ReadPem(options, content) : ReadPfx(options, content);
        }
        catch (CryptographicException e)
        {
            return CertificateReading.Bad($"{options.Certificate}: cannot be used: {e.Message}");
        }
    }

    private static bool IsPem(ReadOnlySpan<byte> bytes) => bytes.IndexOf("-----BEGIN "u8) >= 0;

    private static CertificateReading ReadPem(CertificateOptions options, CertificateContent content)
    {
        var text = Encoding.Latin1.GetString(content.Certificate);
        var begun = text.Split(BeginCertificate).Length - 1;
        if (begun == 0)
        {
            return CertificateReading.Bad($"{options.Certificate}: holds no certificate ({BeginCertificate}); are certificate and key mixed up?");
        }

        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            return CertificateReading.Bad($"{options.Certificate}: a certificate in it is damaged; get the file anew");
        }

        if (chain.Count < begun)
        {
            return CertificateReading.Bad($"{options.Certificate}: breaks off within a certificate; get the file anew");
        }

        var keyText = content.Key is null ? text : Encoding.Latin1.GetString(content.Key);
        var (key, problem) = PrivateKey.Read(keyText, options);
        if (key is null)
        {
            return CertificateReading.Bad(problem!);
        }

        using (key)
        {
            // The certificate of the key is the one to serve; authorities and people do not agree on whether it comes first.
            var leaf = chain.FirstOrDefault(certificate => PrivateKey.Fits(key, certificate));
            if (leaf is null)
            {
                return CertificateReading.Bad(
                    $"{options.Certificate}: does not belong to the key in {options.Key ?? options.Certificate}; put the two there that were made together");
            }

            chain.Remove(leaf);
            return CertificateReading.Of(new ServerCertificate(PrivateKey.Join(leaf, key), chain));
        }
    }

    private static CertificateReading ReadPfx(CertificateOptions options, CertificateContent content)
    {
        var kind = KindOf(content.Certificate);
        if (kind != X509ContentType.Pfx)
        {
            return CertificateReading.Bad(kind == X509ContentType.Cert
                ? $"{options.Certificate}: is a certificate in DER form; convert it: openssl x509 -inform der -in FILE -out FILE.pem"
                : $"{options.Certificate}: is neither PEM nor PFX; get the file anew");
        }

        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(content.Certificate, options.Password);
        }
        catch (CryptographicException e)
        {
            return CertificateReading.Bad(options.Password is null
                ? $"{options.Certificate}: cannot be opened without a password; give it as password"
                : $"{options.Certificate}: cannot be opened, perhaps because the password is another one: {e.Message}");
        }

        if (all.FirstOrDefault(certificate => certificate.HasPrivateKey) is not { } leaf)
        {
            return CertificateReading.Bad($"{options.Certificate}: holds no certificate with a key; export it with its key");
        }

        all.Remove(leaf);
        return CertificateReading.Of(new ServerCertificate(leaf, all));
    }

    private static X509ContentType KindOf(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? X509ContentType.Unknown : X509Certificate2.GetCertContentType(bytes);
        }
        catch (CryptographicException)
        {
            return X509ContentType.Unknown;
        }
    }
}
