namespace BlueGreen.Agent.Releases.Sources;

/// <summary>What the kinds of archive have in common: being one at all, and being whole.</summary>
internal static class ArchiveFile
{
    /// <summary>Tells what a file is by its first bytes. Names lie: a download that failed is often an error page.</summary>
    public static ArchiveFormat FormatOf(string path)
    {
        Span<byte> head = stackalloc byte[TarHeader.Length];
        using FileStream file = File.OpenRead(path);
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)] switch
        {
            [0x1f, 0x8b, ..] => ArchiveFormat.Gzip, // RFC 1952, 2.3.1
            [0x28, 0xb5, 0x2f, 0xfd, ..] => ArchiveFormat.Zstd, // RFC 8878, 3.1.1
            [>= 0x50 and < 0x60, 0x2a, 0x4d, 0x18, ..] => ArchiveFormat.Zstd, // 3.1.2: a frame to skip, as pzstd begins with
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => ArchiveFormat.Zip, // APPNOTE 4.3.7, 4.3.16
            { Length: TarHeader.Length } block when block.ContainsAnyExcept((byte)0) && TarHeader.IsRight(block) => ArchiveFormat.Tar,
            _ => ArchiveFormat.None,
        };
    }

    /// <summary>Whether reading failed because of what the archive holds, not because of the disk.</summary>
    public static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or EndOfStreamException
            or FormatException or OverflowException or NotSupportedException or ZstdSharp.ZstdException;

    /// <summary>The error for an archive that starts well and goes wrong later.</summary>
    public static ReleaseException Damaged(string archive, Exception damage) => damage is NotSupportedException
        ? new($"{archive} is refused: {damage.Message.TrimEnd('.')}; make the archive in another way", damage)
        : new($"{archive} is damaged or incomplete: {damage.Message.TrimEnd('.')}; make or download it again", damage);

    /// <summary>The error for a file that only its name calls an archive.</summary>
    public static ReleaseException NoArchive(string archive, string path)
    {
        using FileStream file = File.OpenRead(path);
        return new(file.ReadByte() switch
        {
            < 0 => $"{archive} is empty",
            '<' => $"{archive} is no archive but looks like a web page, perhaps one that tells of an error; check where it came from",
            _ => $"{archive} is no archive, whatever its name says; check how it was made",
        });
    }
}
