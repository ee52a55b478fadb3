using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>Checks the signature of minisign beside a file. Nothing it says is believed before all of it is verified.</summary>
/// <param name="file">The file.</param>
/// <param name="keys">The trusted keys of this kind.</param>
internal sealed class MinisignCheck(FetchedFile file, IReadOnlyList<MinisignKey> keys)
{
    /// <summary>
    /// The old kind of signature is of the file itself, which must be in memory for that: up to 128 MiB, or the front would need what its
    /// workers have.
    /// </summary>
    private const long LargestLegacy = 128 << 20;

    private readonly string _name = file.Name + ".minisig";

    /// <summary>Reads the signature.</summary>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="ReleaseException">What is there is no signature.</exception>
    public async Task<MinisignSignature?> ReadAsync(CancellationToken cancel) =>
        await file.ReadBesideAsync(_name, cancel) is { } content
            ? MinisignSignature.TryParse(content) ?? throw Refuse($"{_name} is no signature of minisign, or is cut")
            : null;

    /// <summary>Verifies file and trusted comment.</summary>
    /// <exception cref="ReleaseException">They are not what a trusted key has signed.</exception>
    public async Task<Signer> VerifyAsync(MinisignSignature signature, FileDigests digests, CancellationToken cancel)
    {
        MinisignKey[] meant = [.. keys.Where(key => key.Number == signature.Number)];
        if (meant.Length == 0)
        {
            throw Refuse($"it is signed with the key {MinisignKey.IdOf(signature.Number)}, but trusted are {string.Join(", ", keys.Select(key => key.Id))}");
        }

        byte[] message = signature.IsPrehashed ? digests.Blake2b! : await ReadWholeAsync(cancel);
        MinisignKey signer = Array.Find(meant, key => key.HasSigned(message, signature.Signature))
            ?? throw Refuse($"{_name} is not its signature: the file, or the signature, was changed");
        if (!signer.HasSigned([.. signature.Signature, .. signature.TrustedComment], signature.GlobalSignature))
        {
            throw Refuse($"the trusted comment of {_name} was changed");
        }

        return new Signer(signer.Id, SequenceNumber.In(signature.Comment));
    }

    private async Task<byte[]> ReadWholeAsync(CancellationToken cancel) => new FileInfo(file.Path).Length <= LargestLegacy
        ? await File.ReadAllBytesAsync(file.Path, cancel)
        : throw Refuse($"{_name} is of the old kind, which works for files up to {LargestLegacy >> 20} MiB; sign with 'minisign -H'");

    private ReleaseException Refuse(string why) => new($"{file.Name} is refused: {why}");
}
