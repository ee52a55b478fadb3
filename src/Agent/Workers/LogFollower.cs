using System.Runtime.CompilerServices;

namespace BlueGreen.Agent.Workers;

/// <summary>Reads on in a log while it grows, also where it is set aside and begins anew meanwhile. For one reader.</summary>
/// <param name="log">The log.</param>
/// <param name="from">The place in it after which it is read.</param>
internal sealed class LogFollower(WorkerLog log, long from)
{
    /// <summary>What is handed out at once; a longer line comes in pieces.</summary>
    private const int MostBytes = 1024 * 1024;

    /// <summary>Nothing tells that a file has grown; a tenth of a second is at once for people.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private long _from = from;

    /// <summary>What has been added since the last call, at most 1 MiB of it; empty where nothing has, or the file is gone.</summary>
    /// <param name="wholeLines">Leaves a last line that has no end yet to a later call.</param>
    public byte[] Read(bool wholeLines)
    {
        try
        {
            using var file = Open(log.Path);
            if (file.Length < _from)
            {
                // It was set aside: first what is left to read of the copy.
                if (ReadCopy(wholeLines) is { Length: > 0 } left)
                {
                    return left;
                }

                _from = 0;
            }

            return Read(file, wholeLines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>What is added until something has ended, as it comes; whole lines, but for the last.</summary>
    /// <param name="end">That.</param>
    /// <param name="wholeLines">False: lines without an end, too.</param>
    /// <param name="time">The clock of looking.</param>
    /// <param name="cancel">Ends it before.</param>
    public async IAsyncEnumerable<byte[]> ReadUntilAsync(
        Task end, bool wholeLines, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (true)
        {
            // Before the look: it finds all that was printed until then.
            var over = end.IsCompleted;
            while (Read(wholeLines && !over) is { Length: > 0 } added)
            {
                yield return added;
            }

            if (over)
            {
                yield break;
            }

            await Task.WhenAny(end, Task.Delay(Look, time, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    private byte[] ReadCopy(bool wholeLines)
    {
        if (!File.Exists(log.PreviousPath))
        {
            return [];
        }

        using var copy = Open(log.PreviousPath);
        return Read(copy, wholeLines);
    }

    private byte[] Read(FileStream file, bool wholeLines)
    {
        var bytes = new byte[Math.Clamp(file.Length - _from, 0, MostBytes)];
        file.Position = _from;
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var end = wholeLines ? bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1 : read;
        end = end == 0 && read == MostBytes ? read : end;
        _from += end;
        return bytes[..end];
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
