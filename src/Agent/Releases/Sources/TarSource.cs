using System.Formats.Tar;
using System.IO.Compression;
using BlueGreen.Agent.Releases.Disk;
using ZstdSharp;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>A tar archive, plain or compressed, unpacked while it is read.</summary>
/// <param name="path">Absolute path of the file.</param>
/// <param name="format">How it is compressed.</param>
/// <param name="shown">Where it came from, for messages.</param>
/// <param name="label">The label of a release that is given none.</param>
internal sealed class TarSource(string path, ArchiveFormat format, string shown, string label) : IReleaseSource
{
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
            using Stream unpacked = Decompress(file);
            using var content = new TarStream(unpacked, shown, tree.Budget);
            Unpack(content, new ArchiveTree(shown, tree), cancellationToken);
        }
        catch (Exception damage) when (ArchiveFile.IsDamage(damage))
        {
            throw ArchiveFile.Damaged(shown, damage);
        }
    }

    private Stream Decompress(FileStream file) => format switch
    {
        ArchiveFormat.Gzip => new GZipStream(file, CompressionMode.Decompress),
        ArchiveFormat.Zstd => new DecompressionStream(file),
        _ => file,
    };

    private static void Unpack(TarStream content, ArchiveTree tree, CancellationToken cancellationToken)
    {
        using var reader = new TarReader(content, leaveOpen: true);
        long end = 0;
        content.BeginDescription();
        while (reader.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            content.BeginContent();
            Add(entry, tree, cancellationToken);
            end = content.Count;
            content.BeginDescription();
        }

        // GZipStream takes a cut file for a short one, and a plain one has no other end. The block of zeros that ends every tar (POSIX
        // pax, "ustar Interchange Format") tells them apart: what lies between the last entry's bytes and it is less than a block. The
        // rest is read for the checksums of gzip and zstd.
        if (content.Count - end < TarHeader.Length)
        {
            throw new EndOfStreamException("the end of the archive is missing");
        }

        content.BeginContent();
        content.CopyTo(Stream.Null);
        tree.Complete();
    }

    /// <summary>GNU tar keeps a map of the holes in such a file's bytes, and its true name in an attribute.</summary>
    private static bool IsSparse(TarEntry entry) => entry is PaxTarEntry { ExtendedAttributes: var attributes }
        && attributes.Keys.Any(key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal));

    private static void Add(TarEntry entry, ArchiveTree tree, CancellationToken cancellationToken)
    {
        tree.Count();
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
