using System.Security.Cryptography;
using System.Text;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>
/// What the file system says of a file or of everything in a folder, as a short text. Two equal ones mean that nobody wrote there in
/// between; reading the content would cost far more.
/// </summary>
internal static class PathFingerprint
{
    /// <summary>The fingerprint; null when nothing is there.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static string? Of(string path)
    {
        if (FileStatus.Of(path, follow: true) is not { } status)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, "", status);
        if (status.Kind == FileKind.Folder)
        {
            AddFolder(hash, path);
        }

        return $"path {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    private static void AddFolder(IncrementalHash hash, string folder)
    {
        // What vanishes while it is looked at changes the fingerprint next time.
        foreach (var entry in Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            if (FileStatus.Of(entry) is not { } status)
            {
                continue;
            }

            Add(hash, entry, status);
            if (status.Kind == FileKind.Folder)
            {
                AddFolder(hash, entry);
            }
        }
    }

    private static void Add(IncrementalHash hash, string path, FileStatus status) => hash.AppendData(Encoding.UTF8.GetBytes(
        $"{path}\0{status.Kind} {status.Mode} {status.Size} {status.ModifiedAt.Ticks} {status.Device} {status.Inode}\0"));
}
