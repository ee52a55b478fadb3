using System.Globalization;
using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Workers.Limits;

/// <summary>
/// The control groups below the front's own, one for each process whose memory is limited. Made when the first is needed: until then the
/// front leaves its group as it was put there. Groups carry all there is to know of them in their names, <c>APP.RELEASE.N-BYTES</c>, so
/// that a front after this one can go on with them. Thread-safe, by one lock.
/// </summary>
/// <param name="find">Where the front stands.</param>
/// <param name="isOurs">Whether a process, by its pid, was started by a front of this state folder.</param>
internal sealed partial class ControlGroups(Func<ControlGroupPlace?> find, Func<int, bool> isOurs)
{
    /// <summary>
    /// The group that the front itself goes to: where a controller is on for the groups below, no process may be beside them ("no internal
    /// processes", cgroups(7)).
    /// </summary>
    public const string Leaf = "bluegreen-front";

    /// <summary>Lists and takes the members of a group.</summary>
    public const string Processes = "cgroup.procs";

    private const string Controllers = "cgroup.controllers";
    private const string Enabled = "cgroup.subtree_control";

    /// <summary>Every group has it but the one at the root of all, which may have members beside groups.</summary>
    private const string NotTheRoot = "cgroup.type";

    private const string Limit = "memory.max";

    /// <summary>A process can be started while the others are moved.</summary>
    private const int Attempts = 5;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _inUse = [];

    /// <summary>Sees to it that groups with a limit can be made.</summary>
    /// <exception cref="LimitsException">This machine, or whoever started the front, does not let it.</exception>
    public void Prepare()
    {
        lock (_gate)
        {
            PrepareNeedsLock();
        }
    }

    /// <summary>Makes a group with a limit. Nothing is in it.</summary>
    /// <param name="name">The name of the process it is for.</param>
    /// <param name="bytes">The limit.</param>
    /// <exception cref="LimitsException">This machine, or whoever started the front, does not let it.</exception>
    public MemoryGroup Create(string name, long bytes)
    {
        lock (_gate)
        {
            var home = PrepareNeedsLock();
            RemoveLeftNeedsLock(home);
            var folder = FreeNeedsLock(home, name, bytes);
            try
            {
                Directory.CreateDirectory(folder);
                ApplyLimit(folder, bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                MemoryGroup.TryRemove(folder);
                throw Refused(home, e);
            }

            return TakeNeedsLock(folder, bytes);
        }
    }

    /// <summary>
    /// The group that a process of an earlier front is in; null when it has none of its own. Its limit is set again: where the service manager
    /// has taken the controller back meanwhile, it was lost.
    /// </summary>
    /// <exception cref="LimitsException">It has one, and the limit cannot be set.</exception>
    public MemoryGroup? Adopt(int pid)
    {
        if (find() is not { } place || place.FolderOf(pid) is not { } folder || Path.GetDirectoryName(folder) != HomeOf(place)
            || GroupName().Match(Path.GetFileName(folder)) is not { Success: true } name)
        {
            return null;
        }

        var bytes = long.Parse(name.Groups["bytes"].Value, CultureInfo.InvariantCulture);
        lock (_gate)
        {
            var home = PrepareNeedsLock();
            try
            {
                ApplyLimit(folder, bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Refused(home, e);
            }

            return TakeNeedsLock(folder, bytes);
        }
    }

    /// <summary>What is run once can be run again while the group of the time before is being removed.</summary>
    private string FreeNeedsLock(string home, string name, long bytes) => Enumerable.Range(1, int.MaxValue)
        .Select(time => time == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.{time}"))
        .Select(free => Path.Combine(home, string.Create(CultureInfo.InvariantCulture, $"{free}-{bytes}")))
        .First(folder => !_inUse.Contains(folder));

    private MemoryGroup TakeNeedsLock(string folder, long bytes)
    {
        _inUse.Add(folder);
        return new MemoryGroup(folder, bytes, Forget);
    }

    private void Forget(MemoryGroup group)
    {
        lock (_gate)
        {
            _inUse.Remove(group.Folder);
        }
    }

    /// <summary>
    /// Neither may the rest of it be swapped out instead, which would make a machine of slow requests out of a limit; and where one process
    /// has to go, all of the group go, so that nothing is left half alive.
    /// </summary>
    private static void ApplyLimit(string folder, long bytes)
    {
        Write(folder, Limit, bytes.ToString(CultureInfo.InvariantCulture));
        foreach (var (file, value) in ((string, string)[])[("memory.swap.max", "0"), ("memory.oom.group", "1")])
        {
            // A kernel without swap accounting, or older than 4.19, has none.
            if (File.Exists(Path.Combine(folder, file)))
            {
                Write(folder, file, value);
            }
        }
    }

    /// <summary>What fronts that were killed have left, and what was not empty when its process ended.</summary>
    private void RemoveLeftNeedsLock(string home)
    {
        foreach (var folder in Directory.GetDirectories(home).Where(folder => GroupName().IsMatch(Path.GetFileName(folder)) && !_inUse.Contains(folder)))
        {
            MemoryGroup.TryRemove(folder);
        }
    }

    /// <returns>The folder that groups are made in.</returns>
    private string PrepareNeedsLock()
    {
        var place = find() ?? throw new LimitsException(
            "limits.memory: this machine has no control groups of version 2 (cgroup2): boot it with systemd.unified_cgroup_hierarchy=1, or remove the key");
        var home = HomeOf(place);
        try
        {
            if (!Has(home, Controllers))
            {
                throw new LimitsException(
                    $"limits.memory: the front's control group {home} has no memory controller: let the service manager delegate it (Delegate=memory in the "
                    + "front's unit), boot with systemd.unified_cgroup_hierarchy=1 where version 1 still holds it, or remove the key");
            }

            if (!Has(home, Enabled))
            {
                Enable(home);
            }

            return home;
        }
        catch (Exception e) when (e is (IOException and not LimitsException) or UnauthorizedAccessException)
        {
            throw Refused(home, e);
        }
    }

    private void Enable(string home)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (File.Exists(Path.Combine(home, NotTheRoot)))
            {
                MoveToLeaf(home);
            }

            try
            {
                Write(home, Enabled, "+memory");
                return;
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Busy: something was started meanwhile.
            }
        }
    }

    private void MoveToLeaf(string home)
    {
        var leaf = Directory.CreateDirectory(Path.Combine(home, Leaf)).FullName;
        foreach (var pid in File.ReadAllLines(Path.Combine(home, Processes)).Select(line => int.Parse(line, CultureInfo.InvariantCulture)))
        {
            // A stranger is not moved about: whoever put it here counts on its staying.
            if (pid != Environment.ProcessId && !isOurs(pid) && ProcessStat.Of(pid) is { IsAlive: true })
            {
                throw new LimitsException(string.Create(CultureInfo.InvariantCulture,
                    $"limits.memory: process {pid} ({NameOf(pid)}) shares the front's control group {home}: start the front in one of its own (a systemd unit with Delegate=memory), or remove the key"));
            }

            try
            {
                Write(leaf, Processes, pid.ToString(CultureInfo.InvariantCulture));
            }
            catch (IOException) when (ProcessStat.Of(pid) is not { IsAlive: true })
            {
                // It has ended since.
            }
        }
    }

    private static string HomeOf(ControlGroupPlace place) =>
        Path.GetFileName(place.Own) == Leaf ? Path.GetDirectoryName(place.Own)! : place.Own;

    private static bool Has(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Split((char[])[' ', '\n']).Contains("memory");

    private static string NameOf(int pid) => ProcessStatus.Line(pid.ToString(CultureInfo.InvariantCulture), "Name:") ?? "ended since";

    private static void Write(string folder, string file, string value) => File.WriteAllText(Path.Combine(folder, file), value);

    private static LimitsException Refused(string home, Exception e) => new(
        $"limits.memory: the front may not make control groups in {home} ({e.Message.TrimEnd('.')}): let the service manager delegate it (Delegate=memory "
        + "and no ProtectControlGroups= in the front's unit), or remove the key", e);

    [GeneratedRegex(@"\A[^.]+\.[0-9]+\..+-(?<bytes>[0-9]+)\z")]
    private static partial Regex GroupName();
}
