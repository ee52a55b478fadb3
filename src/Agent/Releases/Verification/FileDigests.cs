using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>The digests of a file, taken while it is read once.</summary>
/// <param name="Sha256">SHA-256.</param>
/// <param name="Blake2b">BLAKE2b-512 (RFC 7693), where it was asked for.</param>
internal sealed record FileDigests(byte[] Sha256, byte[]? Blake2b)
{
    private const int BufferSize = 256 * 1024;
    private const int Blake2bBits = 512;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="withBlake2b">Whether BLAKE2b is wanted too.</param>
    /// <param name="cancel">Ends it soon.</param>
    public static async Task<FileDigests> OfAsync(string path, bool withBlake2b, CancellationToken cancel)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Blake2bDigest? blake2b = withBlake2b ? new Blake2bDigest(Blake2bBits) : null;
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        while (await file.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            sha256.AppendData(buffer, 0, count);
            blake2b?.BlockUpdate(buffer, 0, count);
        }

        byte[]? second = blake2b is null ? null : new byte[Blake2bBits / 8];
        blake2b?.DoFinal(second, 0);
        return new FileDigests(sha256.GetHashAndReset(), second);
    }
}
