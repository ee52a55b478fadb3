using BlueGreen.Agent.Releases.Disk;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>
/// Tells the kinds of source apart: a folder by being one, an archive by its name, anything else is a single file.
/// </summary>
internal static class ReleaseSource
{
    /// <summary>The source at an absolute path.</summary>
    /// <param name="path">Absolute path; a link is followed.</param>
    /// <param name="store">The folder of the store, which cannot be part of a release.</param>
    /// <param name="log">Told about content that will not work in the store.</param>
    /// <exception cref="ReleaseException">Nothing is there, or something no release can be made of.</exception>
    public static IReleaseSource At(string path, string store, ILogger log)
    {
        FileStatus status = FileStatus.Of(path, follow: true)
            ?? throw new ReleaseException($"{path}: no such file or directory");
        return status.Kind switch
        {
            FileKind.Folder => new FolderSource(path, store, log),
            FileKind.File when HasEnding(path, ".tar.gz", ".tgz") is { } label => new TarSource(path, label),
            FileKind.File when HasEnding(path, ".zip") is { } label => new ZipSource(path, label),
            FileKind.File => new FileSource(path),
            _ => throw new ReleaseException(
                $"{path} is a socket, pipe or device; deploy a directory, a program or a .tar.gz, .tgz or .zip archive"),
        };
    }

    private static string? HasEnding(string path, params ReadOnlySpan<string> endings)
    {
        string name = Path.GetFileName(path);
        foreach (string ending in endings)
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return name[..^ending.Length];
            }
        }

        return null;
    }
}
