using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>An ECDSA P-256 public key, which signs the SHA-256 of a file, as <c>cosign sign-blob --key</c> and openssl do.</summary>
/// <param name="Info">The key as SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), DER.</param>
internal sealed record EcdsaKey(byte[] Info) : TrustedKey
{
    /// <summary>RFC 5480, 2.1.1.1: secp256r1.</summary>
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Hexadecimal digits of the key's own digest that tell it from others.</summary>
    private const int IdLength = 16;

    /// <summary>How every signature begins, as DER (a SEQUENCE); base64 never begins with this character.</summary>
    private const byte DerStart = 0x30;

    /// <inheritdoc/>
    public override string Id => $"ecdsa:{Convert.ToHexStringLower(SHA256.HashData(Info))[..IdLength]}";

    /// <inheritdoc/>
    public override string SignatureEnding => ".sig";

    /// <summary>Reads a PEM text; null when it holds no such key.</summary>
    public static EcdsaKey? TryParse(string pem)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256 ? new EcdsaKey(key.ExportSubjectPublicKeyInfo()) : null;
        }
        catch (Exception failure) when (failure is ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Reads a signature, DER or DER in base64; null when it is neither.</summary>
    public static byte[]? TryParseSignature(byte[] content)
    {
        if (content is [DerStart, ..])
        {
            return content;
        }

        try
        {
            return Convert.FromBase64String(Encoding.ASCII.GetString(content));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether this key has made a signature (DER) of what has this SHA-256.</summary>
    public bool HasSigned(byte[] sha256, byte[] signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Info, out _);
        try
        {
            return key.VerifyHash(sha256, signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // no DER
        }
    }
}
