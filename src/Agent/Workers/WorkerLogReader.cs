using System.Globalization;
using System.Runtime.CompilerServices;

namespace BlueGreen.Agent.Workers;

/// <summary>Reads what the workers of an app print: the last lines, then, if wanted, what is added.</summary>
internal sealed class WorkerLogReader(string directory, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, LogFollower> _read = [];

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
            _read[file] = new LogFollower(new WorkerLog(file), end);
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

    /// <summary>Whole lines added since the last look; of a file that is new, all.</summary>
    private IEnumerable<string> ReadAdded(string path)
    {
        var follower = _read.TryGetValue(path, out var known) ? known : _read[path] = new LogFollower(new WorkerLog(path), from: 0);
        while (follower.Read(wholeLines: true) is { Length: > 0 } added)
        {
            foreach (var line in LogText.Lines(added))
            {
                yield return line;
            }
        }
    }
}
