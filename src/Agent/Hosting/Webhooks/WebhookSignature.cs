using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.Agent.Hosting.Webhooks;

/// <summary>
/// The value of the header X-Bluegreen-Signature: <c>t=TIME,v1=HEX</c>, where HEX is HMAC-SHA256 (RFC 2104) with the secret over TIME, a
/// full stop and the body, and TIME is the seconds since 1970. The time is signed so that a receiver can refuse what was recorded long ago.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>The header.</summary>
    public const string Header = "X-Bluegreen-Signature";

    /// <summary>Signs a body.</summary>
    public static string Of(string secret, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        var seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        mac.AppendData(Encoding.ASCII.GetBytes(seconds + "."));
        mac.AppendData(body);
        return $"t={seconds},v1={Convert.ToHexStringLower(mac.GetHashAndReset())}";
    }
}
