using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>The working folder that is configured for a process type.</summary>
internal static class WorkingFolder
{
    /// <summary>Its absolute path.</summary>
    /// <param name="release">The release's folder.</param>
    /// <param name="folder">Absolute, or relative to the release.</param>
    /// <exception cref="ReleaseException">There is no such folder, or it lies outside of the release.</exception>
    public static string In(string release, string folder)
    {
        if (Path.IsPathRooted(folder))
        {
            return Directory.Exists(folder) ? folder : throw new ReleaseException($"the working folder {folder} (limits.folder) does not exist: make it, or name another");
        }

        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder, release));
        if (!Directory.Exists(path))
        {
            throw new ReleaseException($"the release has no folder {folder} (limits.folder)");
        }

        return IsWithin(release, path) ? path : throw new ReleaseException($"{folder} (limits.folder) leads out of the release: name a folder in it, or an absolute path");
    }

    /// <summary>Whether it is in the release when all links are followed.</summary>
    private static bool IsWithin(string release, string path)
    {
        var (inside, top) = (Real(path), Real(release));
        return inside == top || inside.StartsWith(top + "/", StringComparison.Ordinal);
    }

    private static string Real(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var here = Path.Combine(Real(parent), Path.GetFileName(path));
        return Directory.ResolveLinkTarget(here, returnFinalTarget: true) is { } target ? Real(target.FullName) : here;
    }
}
