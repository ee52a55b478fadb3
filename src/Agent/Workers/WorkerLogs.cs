using System.Globalization;

namespace BlueGreen.Agent.Workers;

/// <summary>The logs of an app's workers, APP.RELEASE.N.log, in a folder of their own.</summary>
/// <param name="directory">The folder; there need be none yet.</param>
internal sealed class WorkerLogs(string directory)
{
    /// <summary>Removes the logs, copies included, of releases before one: those have been pruned, or never served.</summary>
    /// <exception cref="IOException">One could not be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is somebody else's.</exception>
    public void RemoveBefore(int release)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(directory))
        {
            if (ReleaseOf(Path.GetFileName(path)) < release)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>The release of a log, by the name of its file, copies included; null for a file that is none.</summary>
    public static int? ReleaseOf(string file) => file.Split('.') is [_, var release, _, "log", ..]
        && int.TryParse(release, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : null;
}
