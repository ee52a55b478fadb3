namespace BlueGreen.Agent.Workers.Limits;

/// <summary>Where this process stands in the tree of control groups (cgroups(7), version 2).</summary>
/// <param name="Mount">Where the tree is mounted.</param>
/// <param name="Own">The folder of this process's own group.</param>
internal sealed record ControlGroupPlace(string Mount, string Own)
{
    /// <summary>Where the kernel says that it is; null where no tree of version 2 is mounted, or its own group is not in what is.</summary>
    public static ControlGroupPlace? Find() => Parse(File.ReadAllLines("/proc/self/mountinfo"), File.ReadAllLines("/proc/self/cgroup"));

    /// <summary>The same from what the kernel said.</summary>
    /// <param name="mounts">Lines of /proc/self/mountinfo (proc(5)).</param>
    /// <param name="groups">Lines of /proc/self/cgroup.</param>
    public static ControlGroupPlace? Parse(IEnumerable<string> mounts, IEnumerable<string> groups)
    {
        // "36 35 0:28 ROOT MOUNT rw,nosuid shared:9 - cgroup2 cgroup2 rw": the optional fields end with a dash.
        var mount = mounts.Select(line => line.Split(' ')).FirstOrDefault(fields => fields.SkipWhile(field => field != "-").ElementAtOrDefault(1) == "cgroup2");
        return mount is not null && PathIn(groups) is { } path && Below(mount[3], path) is { } below
            ? new ControlGroupPlace(mount[4], mount[4] + below)
            : null;
    }

    /// <summary>The folder of a process's group; null when it has ended.</summary>
    public string? FolderOf(int pid)
    {
        try
        {
            // The roots of the mount and of the paths are the same here as for this process.
            return PathIn(File.ReadLines($"/proc/{pid}/cgroup")) is { } path ? Mount + (path == "/" ? "" : path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // "0::/system.slice/bluegreen.service"; the other lines are of version 1.
    private static string? PathIn(IEnumerable<string> groups) =>
        groups.FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?["0::".Length..];

    /// <summary>A container can see part of the tree only.</summary>
    private static string? Below(string root, string path) =>
        root == "/" || path == root ? (path == root ? "" : path)
        : path.StartsWith(root + "/", StringComparison.Ordinal) ? path[root.Length..]
        : null;
}
