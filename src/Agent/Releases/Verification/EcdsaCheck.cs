using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>Checks the ECDSA signature beside a file.</summary>
/// <param name="file">The file.</param>
/// <param name="keys">The trusted keys of this kind.</param>
internal sealed class EcdsaCheck(FetchedFile file, IReadOnlyList<EcdsaKey> keys)
{
    private readonly string _name = file.Name + ".sig";

    /// <summary>Verifies the file.</summary>
    /// <returns>Null: there is no signature.</returns>
    /// <exception cref="ReleaseException">No trusted key has signed it.</exception>
    public async Task<Signer?> VerifyAsync(FileDigests digests, CancellationToken cancel)
    {
        if (await file.ReadBesideAsync(_name, cancel) is not { } content)
        {
            return null;
        }

        byte[] signature = EcdsaKey.TryParseSignature(content) ?? throw Refuse($"{_name} is no ECDSA signature, or is cut");
        return keys.FirstOrDefault(key => key.HasSigned(digests.Sha256, signature)) is { } signer
            ? new Signer(signer.Id, Sequence: null)
            : throw Refuse($"{_name} is not its signature by {string.Join(" or ", keys.Select(key => key.Id))}: "
                + "the file or the signature was changed, or another key has made it");
    }

    private ReleaseException Refuse(string why) => new($"{file.Name} is refused: {why}");
}
