namespace BlueGreen.Agent.Releases.Sources;

/// <summary>What a file's name says of its being an archive.</summary>
internal static class ArchiveName
{
    /// <summary>The endings of names of archives, for messages.</summary>
    public const string Endings = ".tar, .tar.gz, .tgz, .tar.zst, .tzst or .zip";

    private static readonly string[] All = [".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar", ".zip"];

    /// <summary>The name without the ending of an archive; null when it has none.</summary>
    public static string? WithoutEnding(string name) => All
        .Where(ending => name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        .Select(ending => name[..^ending.Length])
        .FirstOrDefault();

    /// <summary>
    /// Whether the ending says that the file is something else, whatever it begins with: <c>app.jar</c> is a zip archive that is meant
    /// to stay one. Not so <c>download</c>, nor <c>app-1.2.3</c>.
    /// </summary>
    public static bool IsOfSomethingElse(string name) =>
        WithoutEnding(name) is null && Path.GetExtension(name) is ['.', var first, ..] && char.IsAsciiLetter(first);
}
