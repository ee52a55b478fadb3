using System.Formats.Tar;
using System.IO.Compression;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>A gzip-compressed tar archive, unpacked while it is read.</summary>
internal sealed class TarSource(string path, string label) : IReleaseSource
{
    private const int BlockSize = 512;

    /// <inheritdoc/>
    public string Label => label;

    /// <inheritdoc/>
    public void CopyTo(ReleaseTree tree, CancellationToken cancellationToken)
    {
        FileStatus before = FileStatus.Of(path, follow: true) ?? throw FileSource.Changed(path);
        ArchiveFile.Require(path, "gzip", [0x1f, 0x8b]);
        tree.AddFolder("", Permissions.Program);
        try
        {
            Unpack(new ArchiveTree(path, tree), cancellationToken);
        }
        catch (Exception damage) when (ArchiveFile.IsDamage(damage))
        {
            throw FileStatus.Of(path, follow: true) == before ? ArchiveFile.Damaged(path, damage) : FileSource.Changed(path);
        }
    }

    private void Unpack(ArchiveTree tree, CancellationToken cancellationToken)
    {
        using FileStream file = File.OpenRead(path);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var content = new MeteredStream(unzipped);
        using var reader = new TarReader(content);
        long end = 0;
        while (reader.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(entry, tree, cancellationToken);
            end = content.Count;
        }

        // GZipStream takes a cut file for a short one. The block of zeros that ends every tar (POSIX pax, "ustar Interchange
        // Format") tells them apart: what lies between the last entry's bytes and it is less than a block. The rest is read for
        // gzip's CRC.
        if (content.Count - end < BlockSize)
        {
            throw new EndOfStreamException("the end of the archive is missing");
        }

        unzipped.CopyTo(Stream.Null);
        tree.Complete();
    }

    /// <summary>GNU tar keeps a map of the holes in such a file's bytes, and its true name in an attribute.</summary>
    private static bool IsSparse(TarEntry entry) => entry is PaxTarEntry { ExtendedAttributes: var attributes }
        && attributes.Keys.Any(key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal));

    private static void Add(TarEntry entry, ArchiveTree tree, CancellationToken cancellationToken)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.GlobalExtendedAttributes:
                break; // a comment for the whole archive; git writes one
            case TarEntryType.Directory:
                tree.AddFolder(entry.Name, entry.Mode);
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                Stream content = IsSparse(entry)
                    ? throw tree.Refuse(entry.Name, "is stored sparse; make the archive without --sparse")
                    : entry.DataStream ?? Stream.Null;
                tree.AddFile(entry.Name, entry.Mode, entry.ModificationTime.UtcDateTime, content, cancellationToken);
                break;
            case TarEntryType.SymbolicLink:
                tree.AddLink(entry.Name, entry.LinkName);
                break;
            case TarEntryType.HardLink:
                tree.AddHardLink(entry.Name, entry.LinkName, cancellationToken);
                break;
            default:
                throw tree.Refuse(entry.Name, $"is no file, directory or link but a {entry.EntryType}");
        }
    }
}
