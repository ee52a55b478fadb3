using System.Globalization;
using System.Runtime.InteropServices;

namespace BlueGreen.Harness;

/// <summary>Looks at the processes of this machine through /proc (proc(5)).</summary>
public static partial class ProcessTable
{
    /// <summary>Sends a signal; one that has ended is none to care about.</summary>
    public static void Signal(int pid, int signal) => _ = kill(pid, signal);

    /// <summary>Whether a process runs; a zombie does not.</summary>
    public static bool IsAlive(int pid) => StateOf(Stat(pid)) is not (null or 'Z' or 'X');

    /// <summary>
    /// Whether all of a process has ended. The first of its threads can be a zombie while others still hold its sockets: that is not all.
    /// </summary>
    public static bool IsGone(int pid) => !IsAlive(pid) && Threads(pid).Count <= 1;

    /// <summary>Whether a process has ended and nobody has asked for its exit code.</summary>
    public static bool IsZombie(int pid) => StateOf(Stat(pid)) == 'Z';

    /// <summary>Whether every thread of a process has stopped, as after SIGSTOP; that takes a moment.</summary>
    public static bool IsStopped(int pid) => Threads(pid) is { Count: > 0 } threads
        && threads.All(thread => StateOf(Read(pid, $"task/{thread}/stat")) is null or 'T' or 'Z' or 'X');

    /// <summary>Its children, zombies included; each belongs to the thread that started it.</summary>
    public static IReadOnlyList<int> ChildrenOf(int pid) =>
        [.. Threads(pid).SelectMany(thread => Read(pid, $"task/{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture)))];

    /// <summary>The process that started it; 0 when it is gone.</summary>
    public static int ParentOf(int pid) => Stat(pid) is { } stat
        ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture)
        : 0;

    /// <summary>What a process uses; nothing of it when it is gone.</summary>
    public static ProcessUsage UsageOf(int pid) => new(
        ResidentKilobytes: Number(pid, "VmRSS:"), Threads: (int)Number(pid, "Threads:"), Descriptors: Names(pid, "fd").Count());

    /// <summary>The processes that were started with a variable of this value in their environment.</summary>
    public static IReadOnlyList<int> With(string variable, string value) =>
        [.. All().Where(pid => IsAlive(pid) && EnvironmentOf(pid).GetValueOrDefault(variable) == value)];

    /// <summary>The environment a process was started with; empty when it is gone.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(int pid) => Read(pid, "environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.Split('=', 2))
        .Where(parts => parts.Length == 2)
        .DistinctBy(parts => parts[0])
        .ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>Whether a process handles a signal (SigCgt of its status).</summary>
    public static bool Handles(int pid, int signal)
    {
        var caught = Field(pid, "SigCgt:");
        return caught is not null && (ulong.Parse(caught, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }

    private static long Number(int pid, string field) =>
        Field(pid, field) is { } text ? long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    private static string? Field(int pid, string name) =>
        Read(pid, "status").Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();

    private static IReadOnlyList<string> Threads(int pid) => [.. Names(pid, "task")];

    private static IEnumerable<string> Names(int pid, string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{pid}/{folder}").Select(path => Path.GetFileName(path))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static char? StateOf(string? stat) => stat is { Length: > 0 } ? stat[(stat.LastIndexOf(')') + 2)..][0] : null;

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    private static string? Stat(int pid) => Read(pid, "stat") is { Length: > 0 } stat ? stat : null;

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
