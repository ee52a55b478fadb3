using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>A digest somebody says a file has.</summary>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Origin">Who says so.</param>
internal sealed record ExpectedDigest(string Sha256, string Origin)
{
    private const string ListOfFolder = "SHA256SUMS";

    /// <summary>All that is said of a file: by the user, by its source, by <c>NAME.sha256</c> and by <c>SHA256SUMS</c> beside it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="pinned">The user's.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ReleaseException">A list makes no sense.</exception>
    public static async Task<IReadOnlyList<ExpectedDigest>> OfAsync(FetchedFile file, string? pinned, CancellationToken cancel)
    {
        var expected = new List<ExpectedDigest>();
        if (pinned is not null)
        {
            expected.Add(new ExpectedDigest(pinned, "--sha256"));
        }

        if (file.PublishedSha256 is { } published)
        {
            expected.Add(new ExpectedDigest(published, "its source"));
        }

        // This list is about this file alone; the name in it may be a path from where it was made, or that of the standard input.
        string own = file.Name + ".sha256";
        if (await file.ReadBesideAsync(own, cancel) is { } ownList)
        {
            expected.Add(Only(own, DigestList.For(ownList, name => name == "-" || Path.GetFileName(name) == file.Name), file)
                ?? throw new ReleaseException($"{file.Name} is refused: {own} has no SHA-256 of it; correct or remove that file"));
        }

        if (await file.ReadBesideAsync(ListOfFolder, cancel) is { } list
            && Only(ListOfFolder, DigestList.For(list, name => name == file.Name || name == "./" + file.Name), file) is { } listed)
        {
            expected.Add(listed);
        }

        return expected;
    }

    private static ExpectedDigest? Only(string origin, IReadOnlyList<string> digests, FetchedFile file) => digests switch
    {
        [] => null,
        [var digest] => new ExpectedDigest(digest, origin),
        _ => throw new ReleaseException($"{file.Name} is refused: {origin} has more than one SHA-256 for it; leave the right one"),
    };
}
