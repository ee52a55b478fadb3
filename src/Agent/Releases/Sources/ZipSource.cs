using System.IO.Compression;
using System.Text;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>
/// A zip archive. Where it was made on Unix, the upper half of the external attributes holds st_mode (APPNOTE 4.4.15).
/// </summary>
/// <param name="path">Absolute path of the file.</param>
/// <param name="shown">Where it came from, for messages.</param>
/// <param name="label">The label of a release that is given none.</param>
internal sealed class ZipSource(string path, string shown, string label) : IReleaseSource
{
    private const int TypeMask = 0xF000;
    private const int TypeFolder = 0x4000;
    private const int TypeFile = 0x8000;
    private const int TypeLink = 0xA000;

    /// <inheritdoc/>
    public string Label => label;

    /// <inheritdoc/>
    public void CopyTo(ReleaseTree tree, CancellationToken cancellationToken)
    {
        tree.AddFolder("", Permissions.Program);
        try
        {
            using FileStream file = File.OpenRead(path);
            tree.Budget.ComesFromArchive(file.Length);
            using var directory = new ZipDirectoryStream(file, tree.Budget);
            using var archive = new ZipArchive(directory, ZipArchiveMode.Read);
            var entries = new ArchiveTree(shown, tree);
            IReadOnlyList<ZipArchiveEntry> all = archive.Entries;
            directory.IsRead();
            foreach (ZipArchiveEntry entry in all)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(entry, entries, cancellationToken);
            }

            entries.Complete();
        }
        catch (Exception damage) when (ArchiveFile.IsDamage(damage))
        {
            throw ArchiveFile.Damaged(shown, damage);
        }
    }

    private static void Add(ZipArchiveEntry entry, ArchiveTree tree, CancellationToken cancellationToken)
    {
        tree.Count();
        // Old archivers on Windows wrote their own separator; taken as one, it goes through the same checks.
        string name = entry.FullName.Replace('\\', '/');
        int attributes = entry.ExternalAttributes >>> 16;
        UnixFileMode? mode = attributes == 0 ? null : (UnixFileMode)(attributes & 0xFFF);
        if (name.StartsWith("__MACOSX/", StringComparison.Ordinal))
        {
            return; // resource forks that Finder adds beside what was meant
        }

        if (entry.IsEncrypted)
        {
            throw tree.Refuse(name, "is encrypted; make the archive without a password");
        }

        switch (attributes & TypeMask)
        {
            case 0 or TypeFolder or TypeFile when name.EndsWith('/'):
                tree.AddFolder(name, mode ?? Permissions.Program);
                break;
            case 0 or TypeFile:
                Read(entry, content => tree.AddFile(name, mode, entry.LastWriteTime.UtcDateTime, content, cancellationToken));
                break;
            case TypeFolder:
                tree.AddFolder(name, mode ?? Permissions.Program);
                break;
            case TypeLink when entry.Length <= ArchiveTree.LongestPath:
                using (var target = new MemoryStream())
                {
                    Read(entry, content => content.CopyTo(target));
                    tree.AddLink(name, Encoding.UTF8.GetString(target.ToArray()));
                }

                break;
            default:
                throw tree.Refuse(name, "is no file, directory or link");
        }
    }

    private static void Read(ZipArchiveEntry entry, Action<Stream> read)
    {
        using Stream unzipped = entry.Open();
        using var content = new MeteredStream(unzipped);
        read(content);
        if (content.Count != entry.Length || content.Checksum != entry.Crc32)
        {
            throw new InvalidDataException($"the checksum of {entry.FullName} is wrong");
        }
    }
}
