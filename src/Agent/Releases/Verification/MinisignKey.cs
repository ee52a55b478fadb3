using System.Buffers.Binary;
using System.Globalization;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>A public key of minisign: 2 bytes <c>Ed</c>, 8 of the key's id, 32 of the Ed25519 key, in base64.</summary>
/// <param name="Number">The key's id, as it is in signatures: little-endian.</param>
/// <param name="Point">The Ed25519 key (RFC 8032, 5.1.5).</param>
internal sealed record MinisignKey(ulong Number, byte[] Point) : TrustedKey
{
    /// <summary>RFC 8032, 5.1.5.</summary>
    private const int PointLength = 32;

    private const int Length = 2 + sizeof(ulong) + PointLength;

    /// <inheritdoc/>
    public override string Id => IdOf(Number);

    /// <inheritdoc/>
    public override string SignatureEnding => ".minisig";

    /// <summary>The id as minisign prints it: without zeros at its beginning.</summary>
    public static string IdOf(ulong number) => string.Create(CultureInfo.InvariantCulture, $"minisign:{number:X}");

    /// <summary>Reads the single line of a key; null when it is none.</summary>
    public static MinisignKey? TryParse(string line)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return Convert.TryFromBase64String(line, bytes, out int count) && count == Length && bytes.StartsWith("Ed"u8)
            && Ed25519.ValidatePublicKeyFull(bytes[(2 + sizeof(ulong))..].ToArray(), 0)
                ? new MinisignKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes[2..]), bytes[(2 + sizeof(ulong))..].ToArray())
                : null;
    }

    /// <summary>Reads a file as minisign writes it: a comment, then the key. Null when it is none.</summary>
    public static MinisignKey? TryParseFile(string content) => content.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) switch
    {
        [var comment, var line] when comment.StartsWith(MinisignSignature.UntrustedComment, StringComparison.Ordinal) => TryParse(line),
        [var line] => TryParse(line),
        _ => null,
    };

    /// <summary>Whether this key has made a signature of a message.</summary>
    public bool HasSigned(byte[] message, byte[] signature) =>
        Ed25519.Verify(signature, 0, Point, 0, message, 0, message.Length);
}
