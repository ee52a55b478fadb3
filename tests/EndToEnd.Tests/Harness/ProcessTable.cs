using System.Globalization;
using System.Runtime.InteropServices;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>Looks at the processes of this machine through /proc (proc(5)).</summary>
public static partial class ProcessTable
{
    /// <summary>Sends a signal; one that has ended is none to care about.</summary>
    public static void Signal(int pid, int signal) => _ = kill(pid, signal);

    /// <summary>Whether a process runs; a zombie does not.</summary>
    public static bool IsAlive(int pid) => Stat(pid) is { } stat && stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');

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
        const string Field = "SigCgt:";
        var line = Read(pid, "status").Split('\n').FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is not null
            && (ulong.Parse(line[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }

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
