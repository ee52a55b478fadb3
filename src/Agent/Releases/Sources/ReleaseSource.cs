namespace BlueGreen.Agent.Releases.Sources;

/// <summary>Tells the kinds of file apart that a release can be made from: archives, by name and content; anything else is one file.</summary>
internal static class ReleaseSource
{
    /// <summary>The source in a file that nobody else writes to.</summary>
    /// <param name="file">The file.</param>
    /// <param name="shown">Where it came from, for messages.</param>
    /// <exception cref="ReleaseException">No release can be made of it.</exception>
    public static IReleaseSource In(SourceFile file, string shown)
    {
        string? label = ArchiveName.WithoutEnding(file.Name);
        ArchiveFormat format = ArchiveName.IsOfSomethingElse(file.Name) ? ArchiveFormat.None : ArchiveFile.FormatOf(file.Path);
        return format switch
        {
            ArchiveFormat.Zip => new ZipSource(file.Path, shown, label ?? file.Name),
            not ArchiveFormat.None => new TarSource(file.Path, format, shown, label ?? file.Name),
            _ when label is not null => throw ArchiveFile.NoArchive(shown, file.Path),
            _ => new FileSource(file),
        };
    }
}
