using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlueGreen.Proxy.Tests.Tls;

/// <summary>A certificate in the forms people keep one in.</summary>
internal sealed record IssuedCertificate(X509Certificate2 Certificate, AsymmetricAlgorithm Key, string IntermediatePem)
{
    private static readonly PbeParameters Cheap = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    public string Thumbprint => Certificate.Thumbprint;

    /// <summary>The certificate alone.</summary>
    public string Pem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>The certificate and the one that issued it.</summary>
    public string Chain => $"{Pem}{IntermediatePem}\n";

    public string KeyPem => Key.ExportPkcs8PrivateKeyPem() + "\n";

    public string EncryptedKeyPem(string password) => Key.ExportEncryptedPkcs8PrivateKeyPem(password, Cheap) + "\n";

    public byte[] Pfx(string? password)
    {
        using var withKey = Key is RSA rsa ? Certificate.CopyWithPrivateKey(rsa) : Certificate.CopyWithPrivateKey((ECDsa)Key);
        using var intermediate = X509Certificate2.CreateFromPem(IntermediatePem);
        return new X509Certificate2Collection { withKey, intermediate }.Export(X509ContentType.Pfx, password)!;
    }
}
