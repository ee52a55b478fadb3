using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlueGreen.Proxy.Tests.Tls;

/// <summary>An authority nobody trusts, with an intermediate one that issues the certificates. Everything in it is made anew.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _issuer;

    public TestAuthority()
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
        var root = Authority("CN=Root", _rootKey);
        _root = root.CreateSelfSigned(from, until);
        using var intermediate = Authority("CN=Intermediate", _key).Create(_root, from, until, [1]);
        _issuer = intermediate.CopyWithPrivateKey(_key);
    }

    public string RootThumbprint => _root.Thumbprint;

    public string IntermediateThumbprint => _issuer.Thumbprint;

    /// <summary>The intermediate certificate as PEM.</summary>
    public string IntermediatePem => _issuer.ExportCertificatePem();

    /// <summary>A certificate with a key of its own, valid for a month around now unless told otherwise.</summary>
    public IssuedCertificate Issue(string[] hosts, DateTimeOffset? from = null, DateTimeOffset? until = null, bool rsa = false)
    {
        AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsaKey
            ? new CertificateRequest("CN=Leaf", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=Leaf", (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        // With a signature generator, for the issuer's key may be of another kind.
        var certificate = request.Create(
            _issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), from ?? DateTimeOffset.UtcNow.AddDays(-15),
            until ?? DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(8));
        return new IssuedCertificate(certificate, key, IntermediatePem);
    }

    public void Dispose()
    {
        _root.Dispose();
        _issuer.Dispose();
        _rootKey.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}
