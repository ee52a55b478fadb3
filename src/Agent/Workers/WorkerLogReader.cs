using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace BlueGreen.Agent.Workers;

/// <summary>Reads what the workers of an app print: the last lines, then, if wanted, what is added.</summary>
internal sealed class WorkerLogReader(string directory, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, long> _read = [];

    /// <summary>The lines, each with its worker's id in front.</summary>
    /// <param name="release">The release meant; null: all of them, also those that come later.</param>
    /// <param name="lines">How many of the last lines of each worker.</param>
    /// <param name="follow">Go on with what is added, until cancelled.</param>
    /// <param name="cancel">Ends it.</param>
    public async IAsyncEnumerable<string> ReadAsync(
        int? release, int lines, bool follow, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var file in Files(release))
        {
            var (last, end) = new WorkerLog(file).Tail(lines, wholeOnly: follow);
            _read[file] = end;
            foreach (var line in last)
            {
                yield return Named(file, line);
            }
        }

        using var tick = new PeriodicTimer(Look, time);
        while (follow && await tick.WaitForNextTickAsync(cancel))
        {
            foreach (var file in Files(release))
            {
                foreach (var line in ReadAdded(file))
                {
                    yield return Named(file, line);
                }
            }
        }
    }

    private static string Named(string file, string line) => $"{Path.GetFileNameWithoutExtension(file)} | {line}";

    /// <summary>APP.RELEASE.N.log, in the order of releases and workers.</summary>
    private IEnumerable<string> Files(int? release)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        return Directory.EnumerateFiles(directory, "*.log")
            .Select(path => (Path: path, Parts: Path.GetFileNameWithoutExtension(path).Split('.')))
            .Where(file => file.Parts.Length == 3)
            .Select(file => (file.Path, Release: Number(file.Parts[1]), Worker: Number(file.Parts[2])))
            .Where(file => release is null || file.Release == release)
            .OrderBy(file => file.Release)
            .ThenBy(file => file.Worker)
            .Select(file => file.Path);
    }

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>
    /// Whole lines added since the last look. A file that became shorter was set aside and begins anew: first what is left to read of
    /// the copy.
    /// </summary>
    private List<string> ReadAdded(string path)
    {
        var lines = new List<string>();
        try
        {
            var from = _read.GetValueOrDefault(path);
            using var file = Open(path);
            if (file.Length < from)
            {
                using var copy = Open(new WorkerLog(path).PreviousPath);
                AddWholeLines(lines, copy, from);
                from = 0;
            }

            _read[path] = AddWholeLines(lines, file, from);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Pruned since it was listed.
        }

        return lines;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads from a position on.</summary>
    /// <returns>Where the last whole line ends.</returns>
    private static long AddWholeLines(List<string> lines, FileStream file, long from)
    {
        var added = new byte[Math.Max(0, file.Length - from)];
        file.Position = from;
        var read = file.ReadAtLeast(added, added.Length, throwOnEndOfStream: false);
        var end = added.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
        lines.AddRange(Encoding.UTF8.GetString(added, 0, end).Split('\n').SkipLast(1).Select(line => line.TrimEnd('\r')));
        return from + end;
    }
}
