namespace BlueGreen.Agent.Releases.Sources;

/// <summary>What the kinds of archive have in common: being one at all, and being whole.</summary>
internal static class ArchiveFile
{
    /// <summary>Makes sure that a file starts as its name promises. A download that failed is often an error page.</summary>
    /// <exception cref="ReleaseException">It does not.</exception>
    public static void Require(string path, string kind, ReadOnlySpan<byte> start)
    {
        Span<byte> head = stackalloc byte[start.Length];
        using FileStream file = File.OpenRead(path);
        int count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (!head[..count].SequenceEqual(start))
        {
            throw new ReleaseException(count == 0
                ? $"{path} is empty"
                : $"{path} is not a {kind} archive, whatever its name says; check how it was made");
        }
    }

    /// <summary>Whether reading failed because of what the archive holds, not because of the disk.</summary>
    public static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or EndOfStreamException
            or FormatException or OverflowException or NotSupportedException;

    /// <summary>The error for an archive that starts well and goes wrong later.</summary>
    public static ReleaseException Damaged(string path, Exception damage) =>
        new($"{path} is damaged or incomplete: {damage.Message.TrimEnd('.')}; make or download it again", damage);
}
