using System.Buffers.Binary;
using System.Text;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>
/// A signature file of minisign: an untrusted comment; 2 bytes of algorithm, 8 of the key's id, 64 of signature in base64; a trusted
/// comment; a second signature, of the first one and the trusted comment.
/// </summary>
/// <param name="IsPrehashed">Whether the signature is of the BLAKE2b-512 of the file (<c>ED</c>), not of the file itself (<c>Ed</c>).</param>
/// <param name="Number">The id of the key.</param>
/// <param name="Signature">Of the file.</param>
/// <param name="TrustedComment">The comment's bytes.</param>
/// <param name="GlobalSignature">Of signature and comment.</param>
internal sealed record MinisignSignature(bool IsPrehashed, ulong Number, byte[] Signature, byte[] TrustedComment, byte[] GlobalSignature)
{
    /// <summary>How the comment that anybody may change begins.</summary>
    public const string UntrustedComment = "untrusted comment: ";

    private const string TrustedCommentStart = "trusted comment: ";

    /// <summary>RFC 8032, 5.1.6.</summary>
    private const int SignatureLength = 64;

    private const int FirstLength = 2 + sizeof(ulong) + SignatureLength;

    /// <summary>The trusted comment, for what is looked for in it.</summary>
    public string Comment => Encoding.Latin1.GetString(TrustedComment);

    /// <summary>Reads a signature file; null when it is none.</summary>
    public static MinisignSignature? TryParse(byte[] content)
    {
        // As bytes: the comment is signed as it is, in whatever encoding.
        string[] lines = [.. Encoding.Latin1.GetString(content).TrimEnd('\n', '\r').Split('\n').Select(line => line.TrimEnd('\r'))];
        if (lines is not [var untrusted, var first, var comment, var global]
            || !untrusted.StartsWith(UntrustedComment, StringComparison.Ordinal)
            || !comment.StartsWith(TrustedCommentStart, StringComparison.Ordinal)
            || Decode(first, FirstLength) is not { } signed
            || Decode(global, SignatureLength) is not { } globalSignature
            || signed[0] != 'E' || signed[1] is not ((byte)'d' or (byte)'D'))
        {
            return null;
        }

        return new MinisignSignature(
            signed[1] == 'D', BinaryPrimitives.ReadUInt64LittleEndian(signed.AsSpan(2)), signed[(2 + sizeof(ulong))..],
            Encoding.Latin1.GetBytes(comment[TrustedCommentStart.Length..]), globalSignature);
    }

    private static byte[]? Decode(string base64, int length)
    {
        byte[] bytes = new byte[length];
        return Convert.TryFromBase64String(base64, bytes, out int count) && count == length ? bytes : null;
    }
}
