using System.Text;
using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// The file a worker writes its output to. The worker itself holds it open and appends, so the file is bounded by copying it aside
/// and truncating it, as logrotate's copytruncate does: lines written between the two steps, microseconds apart, can be lost.
/// </summary>
internal sealed class WorkerLog(string path)
{
    /// <summary>The size at which the file is set aside: 10 MiB. One older copy is kept.</summary>
    public const long MaxBytes = 10 * 1024 * 1024;

    private const int TailBytes = 64 * 1024;
    private const int UsualLineBytes = 1024;

    /// <summary>The current file.</summary>
    public string Path { get; } = path;

    /// <summary>The older copy, where there is one.</summary>
    public string PreviousPath => Path + ".1";

    /// <summary>The bytes of the current file; 0 where there is none.</summary>
    public long Length => new FileInfo(Path) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>
    /// The last lines, oldest first: at most 64 KiB or, where that is more, 1 KiB for each. Empty when nothing was printed or the file
    /// is gone.
    /// </summary>
    public IReadOnlyList<string> Tail(int lines) => Tail(lines, wholeOnly: false).Lines;

    /// <summary>The last lines, and where in the file they end: for somebody who reads on from there.</summary>
    /// <param name="lines">How many.</param>
    /// <param name="wholeOnly">Leaves out a last line that has no end yet.</param>
    /// <param name="since">Nothing before this place in the file; where that is beyond its end by now, the file has begun anew.</param>
    public (IReadOnlyList<string> Lines, long End) Tail(int lines, bool wholeOnly, long since = 0)
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var begin = since <= file.Length ? since : 0;
            var length = Math.Min(file.Length - begin, Math.Max(TailBytes, (long)lines * UsualLineBytes));
            var from = file.Length - length;
            var bytes = new byte[length];
            file.Position = from;
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var end = wholeOnly ? bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1 : read;
            var text = Encoding.UTF8.GetString(bytes, 0, end).TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
            // What comes first is the rest of a line; shown only where it is all there is.
            var skip = from > begin && text.Length > 1 ? 1 : 0;
            return (text is [""] ? [] : [.. text.Skip(skip).TakeLast(lines)], from + end);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], 0);
        }
    }

    /// <summary>Adds a note of the front's own; a log that cannot be written is no reason to fail.</summary>
    public void TryAppend(string text)
    {
        try
        {
            File.AppendAllText(Path, text.EndsWith('\n') ? text : text + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was to be said stands in the exit status too.
        }
    }

    /// <summary>
    /// Gives the file to the user who is to write it: open it is handed down anyhow, but programs open /dev/stdout again, which asks whose
    /// file it is. Its folder stays the front's. A log that cannot be given is no reason to fail.
    /// </summary>
    public void TryGiveTo(uint user)
    {
        try
        {
            new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
            _ = FileOwner.Change(Path, user);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or read-only disk: then there is no log.
        }
    }

    /// <summary>Sets the file aside when it has outgrown <see cref="MaxBytes"/>.</summary>
    /// <returns>True when it did.</returns>
    /// <exception cref="IOException">The copy could not be written; nothing was truncated.</exception>
    public bool RotateWhenTooLarge()
    {
        using var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length < MaxBytes)
        {
            return false;
        }

        using (var copy = new FileStream(PreviousPath, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            file.CopyTo(copy);
            // Once more for what came in meanwhile, so that truncating follows the last read at once.
            file.CopyTo(copy);
        }

        file.SetLength(0);
        return true;
    }
}
