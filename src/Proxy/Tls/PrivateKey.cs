using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlueGreen.Proxy.Tls;

/// <summary>Private keys as PEM: RSA and ECDSA, plain or encrypted (PKCS #8, RFC 5958).</summary>
internal static class PrivateKey
{
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    /// <summary>How OpenSSL encrypted keys before PKCS #8 (RFC 1421, 4.6.1.1); .NET cannot read those.</summary>
    private const string EncryptedOldWay = "Proc-Type: 4,ENCRYPTED";

    /// <summary>The key in a text, for its reader to dispose of; or why there is none, in one line.</summary>
    public static (AsymmetricAlgorithm? Key, string? Problem) Read(string pem, CertificateOptions options)
    {
        var file = options.Key ?? options.Certificate;
        if (!pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            return (null, options.Key is null
                ? $"{file}: holds no key; name the key's file as key"
                : $"{file}: holds no key (-----BEGIN PRIVATE KEY-----); are certificate and key mixed up?");
        }

        if (pem.Contains(EncryptedOldWay, StringComparison.Ordinal))
        {
            return (null, $"{file}: the key is encrypted in the old way of OpenSSL; convert it: openssl pkcs8 -topk8 -in FILE -out NEW");
        }

        var isEncrypted = pem.Contains(Encrypted, StringComparison.Ordinal);
        if (isEncrypted && options.Password is null)
        {
            return (null, $"{file}: the key is encrypted; give its password as password");
        }

        var password = isEncrypted ? options.Password : null;
        return (Import(RSA.Create(), pem, password) ?? Import(ECDsa.Create(), pem, password)) is { } key
            ? (key, null)
            : (null, isEncrypted
                ? $"{file}: the key cannot be opened with the password that is configured, or is neither RSA nor ECDSA"
                : $"{file}: the key is damaged, there is more than one, or it is neither RSA nor ECDSA; get the file anew");
    }

    /// <summary>Whether the certificate was made for this key.</summary>
    public static bool Fits(AsymmetricAlgorithm key, X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm? published = key is RSA ? certificate.GetRSAPublicKey() : certificate.GetECDsaPublicKey();
        return published is not null && published.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The certificate with its key.</summary>
    public static X509Certificate2 Join(X509Certificate2 certificate, AsymmetricAlgorithm key) =>
        key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);

    private static AsymmetricAlgorithm? Import(AsymmetricAlgorithm key, string pem, string? password)
    {
        try
        {
            if (password is null)
            {
                key.ImportFromPem(pem);
            }
            else
            {
                key.ImportFromEncryptedPem(pem, password);
            }

            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // Of another kind, encrypted with another password, or no key at all.
            key.Dispose();
            return null;
        }
    }
}
