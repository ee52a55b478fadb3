using System.IO.Compression;
using System.Text;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>
/// A zip archive. Where it was made on Unix, the upper half of the external attributes holds st_mode (APPNOTE 4.4.15).
/// </summary>
internal sealed class ZipSource(string path, string label) : IReleaseSource
{
    private const int TypeMask = 0xF000;
    private const int TypeFolder = 0x4000;
    private const int TypeFile = 0x8000;
    private const int TypeLink = 0xA000;

    /// <summary>PATH_MAX of Linux: no link's target is longer.</summary>
    private const int LongestTarget = 4096;

    /// <inheritdoc/>
    public string Label => label;

    /// <inheritdoc/>
    public void CopyTo(ReleaseTree tree, CancellationToken cancellationToken)
    {
        FileStatus before = FileStatus.Of(path, follow: true) ?? throw FileSource.Changed(path);
        ArchiveFile.Require(path, "zip", "PK"u8);
        tree.AddFolder("", Permissions.Program);
        try
        {
            using FileStream file = File.OpenRead(path);
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            var entries = new ArchiveTree(path, tree);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(entry, entries, cancellationToken);
            }

            entries.Complete();
        }
        catch (Exception damage) when (ArchiveFile.IsDamage(damage))
        {
            throw FileStatus.Of(path, follow: true) == before ? ArchiveFile.Damaged(path, damage) : FileSource.Changed(path);
        }
    }

    private static void Add(ZipArchiveEntry entry, ArchiveTree tree, CancellationToken cancellationToken)
    {
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
            case TypeLink when entry.Length <= LongestTarget:
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
