using System.Globalization;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>
/// Decides whether a file may become a release, before anything of it is unpacked or run. Every digest that is said of it must be right,
/// and every signature that is there; whether one must be there is the user's to say.
/// </summary>
internal static class ReleaseVerifier
{
    /// <summary>Verifies a file that nobody else writes to.</summary>
    /// <param name="file">The file.</param>
    /// <param name="demands">What it must be like.</param>
    /// <param name="cancel">Ends it soon.</param>
    /// <exception cref="ReleaseException">It may not become a release; one line says why.</exception>
    public static async Task<VerifiedFile> VerifyAsync(FetchedFile file, ReleaseDemands demands, CancellationToken cancel)
    {
        TrustedKey[] keys = [.. demands.Trust.Keys.Select(TrustedKeyText.Read)];
        var minisign = new MinisignCheck(file, [.. keys.OfType<MinisignKey>()]);
        MinisignSignature? signature = keys.OfType<MinisignKey>().Any() ? await minisign.ReadAsync(cancel) : null;
        FileDigests digests = await FileDigests.OfAsync(file.Path, signature is { IsPrehashed: true }, cancel);
        string sha256 = Convert.ToHexStringLower(digests.Sha256);
        foreach (ExpectedDigest expected in await ExpectedDigest.OfAsync(file, demands.Sha256, cancel))
        {
            if (expected.Sha256 != sha256)
            {
                throw new ReleaseException(
                    $"{file.Name} is refused: expected SHA-256 {expected.Sha256} (by {expected.Origin}), got {sha256}; it is damaged, or another file");
            }
        }

        Signer? byMinisign = signature is null ? null : await minisign.VerifyAsync(signature, digests, cancel);
        EcdsaKey[] ecdsa = [.. keys.OfType<EcdsaKey>()];
        Signer? byEcdsa = ecdsa.Length == 0 ? null : await new EcdsaCheck(file, ecdsa).VerifyAsync(digests, cancel);
        Signer? signer = byMinisign ?? byEcdsa;
        if (signer is null && demands.Trust.Require)
        {
            throw NotSigned(file, keys);
        }

        if (demands.Trust.Sequence)
        {
            CheckSequence(file.Name, signer?.Sequence, demands.HighestSequence);
        }

        return new VerifiedFile(sha256, signer?.KeyId, signer?.Sequence);
    }

    /// <summary>Makes sure that nothing is demanded that a folder cannot have.</summary>
    /// <exception cref="ReleaseException">Something is.</exception>
    public static void AcceptFolder(string path, ReleaseDemands demands)
    {
        if (demands.Sha256 is not null)
        {
            throw new ReleaseException($"{path} is a folder, and --sha256 is for a file; deploy an archive of it");
        }

        if (demands.Trust.Require)
        {
            throw new ReleaseException(
                $"{path} is refused: a folder cannot be signed, and the app takes only what is (trust.require); "
                + $"deploy an archive of it (tar czf {Path.GetFileName(path)}.tgz ...) with its signature beside it");
        }
    }

    /// <summary>
    /// Makes sure that a copy that was verified a while ago is what is demanded now: meanwhile a higher sequence number may have gone live,
    /// or a key have lost its trust.
    /// </summary>
    /// <exception cref="ReleaseException">It is not.</exception>
    public static void AcceptStaged(StagedRelease staged, ReleaseDemands demands)
    {
        if (demands.Trust.Require && !demands.Trust.Keys.Any(key => TrustedKeyText.Read(key).Id == staged.Verified?.SignedBy))
        {
            throw new ReleaseException($"{staged.Source} is refused: no key that is trusted by now (trust.keys) has signed it");
        }

        if (demands.Trust.Sequence)
        {
            CheckSequence(staged.Source, staged.Verified?.Sequence, demands.HighestSequence);
        }
    }

    private static ReleaseException NotSigned(FetchedFile file, TrustedKey[] keys)
    {
        IEnumerable<string> names = keys.Select(key => file.Name + key.SignatureEnding).Distinct();
        return new ReleaseException(
            $"{file.Name} is refused: it is not signed, and the app takes only what is (trust.require); "
            + $"there is no {string.Join(" or ", names)} beside it");
    }

    private static void CheckSequence(string name, long? signed, long? highest)
    {
        if (signed is not { } sequence)
        {
            throw new ReleaseException(
                $"{name} is refused: no sequence number is signed with it (trust.sequence); sign it with minisign -t 'sequence:N'");
        }

        if (sequence < highest)
        {
            throw new ReleaseException(string.Create(
                CultureInfo.InvariantCulture,
                $"{name} is refused: its sequence number is {sequence}, and one with {highest} was live already (trust.sequence); "
                + $"to go back, use 'bluegreen rollback'"));
        }
    }
}
