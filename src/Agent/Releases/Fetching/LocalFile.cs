using BlueGreen.Agent.Releases.Disk;
using BlueGreen.Agent.Releases.Sources;

namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>A file of this machine that a release is made from. It is copied before anything looks at it, so it may change at any time.</summary>
internal static class LocalFile
{
    /// <summary>What is read whole into memory: signatures and lists of digests.</summary>
    private const int LongestBeside = 1 << 20;

    private const int BufferSize = 256 * 1024;

    /// <summary>Copies the file with its permissions and its time.</summary>
    /// <param name="folder">A folder nobody else writes to.</param>
    /// <param name="path">Absolute path.</param>
    /// <param name="budget">Asked whether there is room.</param>
    /// <param name="cancel">Looked at between two blocks.</param>
    /// <exception cref="ReleaseException">It changed or vanished meanwhile, or there is no room.</exception>
    public static FetchedFile CopyInto(string folder, string path, ReleaseBudget budget, CancellationToken cancel)
    {
        string name = Path.GetFileName(path);
        string copy = Path.Combine(folder, name);
        FileStatus before = FileStatus.Of(path, follow: true) ?? throw FileSource.Changed(path);
        budget.Check(before.Size);
        const FileShare any = FileShare.ReadWrite | FileShare.Delete;
        using (var from = new FileStream(path, FileMode.Open, FileAccess.Read, any, bufferSize: 0))
        using (var to = File.OpenHandle(copy, FileMode.CreateNew, FileAccess.Write))
        {
            byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
            long written = 0;
            while (from.Read(buffer) is > 0 and var count)
            {
                cancel.ThrowIfCancellationRequested();
                RandomAccess.Write(to, buffer.AsSpan(0, count), written);
                written += count;
            }

            if (written != before.Size || FileStatus.Of(path, follow: true) != before)
            {
                throw FileSource.Changed(path);
            }

            File.SetUnixFileMode(to, Permissions.OfFile(before.Mode) | UnixFileMode.UserRead);
            File.SetLastWriteTimeUtc(to, before.ModifiedAt);
        }

        string beside = Path.GetDirectoryName(path)!;
        return new FetchedFile(copy, name, PublishedSha256: null, (file, stop) => ReadBesideAsync(Path.Combine(beside, file), stop));
    }

    private static async Task<byte[]?> ReadBesideAsync(string path, CancellationToken cancel)
    {
        try
        {
            return FileStatus.Of(path, follow: true) switch
            {
                null => null,
                { Kind: not FileKind.File } => throw new ReleaseException($"{path} is no file; remove it, or put the right one there"),
                { Size: > LongestBeside } => throw new ReleaseException($"{path} is too large to be what its name says; remove it, or put the right one there"),
                _ => await File.ReadAllBytesAsync(path, cancel),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"{path} cannot be read: {failure.Message.TrimEnd('.')}", failure);
        }
    }
}
