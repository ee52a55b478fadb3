using System.Globalization;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// What tells a process from a later one with the same pid: its start time (proc(5), stat field 22, in clock ticks since boot)
/// and the boot it was started in.
/// </summary>
internal sealed record ProcessIdentity(int Pid, long StartTicks, string BootId)
{
    /// <summary>The identity of a living process; null when there is none with this pid.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            // The second field, the name in brackets, may hold spaces and brackets itself: count from the last bracket.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessIdentity(pid, long.Parse(fields[22 - 3], CultureInfo.InvariantCulture), CurrentBootId());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string CurrentBootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
