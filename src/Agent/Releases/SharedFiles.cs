using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// Stores what two releases have in common once: files of a copy that was just made become further names (hard links) of the same files
/// of a stored release. Each release keeps a folder of its own, and the file system counts how many need a file: nothing has to be
/// counted here that a crash could leave wrong, and deleting one release never touches another.
/// </summary>
/// <remarks>
/// The price: a worker that overwrites such a file in place, instead of writing a new one and renaming it as most programs do, changes it
/// for all releases with the same content. So a file is shared only while it still is, byte for byte, what was deployed; what workers have
/// written to stays theirs. A folder for all of them instead would also share files that workers make.
/// </remarks>
internal static class SharedFiles
{
    private const int BlockBytes = 256 * 1024;

    /// <summary>Shares what can be; the rest stays a copy.</summary>
    /// <param name="copy">Absolute path of the copy's content. Nobody else uses it.</param>
    /// <param name="stored">Absolute path of the stored release's content.</param>
    /// <param name="cancellationToken">Looked at between two files.</param>
    public static void Share(string copy, string stored, CancellationToken cancellationToken)
    {
        foreach (string path in Directory.GetFileSystemEntries(copy))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string other = Path.Combine(stored, Path.GetFileName(path));
            try
            {
                switch (FileStatus.Of(path), FileStatus.Of(other))
                {
                    case ({ Kind: FileKind.Folder }, { Kind: FileKind.Folder }):
                        Share(path, other, cancellationToken);
                        break;
                    case ({ Kind: FileKind.File } own, { Kind: FileKind.File } its) when own.Size == its.Size && IsMode(own, its):
                        ShareFile(path, other, its);
                        break;
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // It stays a copy.
            }
        }
    }

    /// <summary>Where the stored release was opened for another user's workers, its files were.</summary>
    private static bool IsMode(FileStatus own, FileStatus its) => its.Mode == own.Mode || its.Mode == Permissions.ForOthersToo(own.Mode);

    private static void ShareFile(string path, string other, FileStatus before)
    {
        string link = Path.Combine(Path.GetDirectoryName(path)!, HiddenName.ForLink());
        // Refused for one that has too many names already, or on a file system that has no such thing.
        if (!HaveSameContent(path, other) || Libc.Link(other, link) != 0)
        {
            return;
        }

        // A worker may have written to it since it was compared.
        if (FileStatus.Of(other) != before || Libc.Rename(link, path) != 0)
        {
            File.Delete(link);
        }
    }

    private static bool HaveSameContent(string path, string other)
    {
        using FileStream one = Open(path), two = Open(other);
        byte[] a = new byte[BlockBytes], b = new byte[BlockBytes];
        while (true)
        {
            int count = one.ReadAtLeast(a, BlockBytes, throwOnEndOfStream: false);
            if (two.ReadAtLeast(b, BlockBytes, throwOnEndOfStream: false) != count || !a.AsSpan(0, count).SequenceEqual(b.AsSpan(0, count)))
            {
                return false;
            }

            if (count < BlockBytes)
            {
                return true;
            }
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
