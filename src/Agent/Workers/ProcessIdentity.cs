using System.Globalization;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// What tells a process from a later one with the same pid: its start time (proc(5), stat field 22, in clock ticks since boot)
/// and the boot it was started in.
/// </summary>
internal sealed record ProcessIdentity(int Pid, long StartTicks, string BootId)
{
    /// <summary>USER_HZ, in which the kernel tells times: 100 on every architecture .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>
    /// The identity of the process with this pid; null when there is none. One that has ended and was not reaped has it still.
    /// </summary>
    public static ProcessIdentity? Of(int pid) => Of(ProcessStat.Of(pid));

    /// <summary>The identity of a process that was looked at.</summary>
    public static ProcessIdentity? Of(ProcessStat? process) =>
        process is null ? null : new ProcessIdentity(process.Pid, process.StartTicks, CurrentBootId());

    /// <summary>How long ago it was started, to a hundredth of a second. Only for one of this boot.</summary>
    public TimeSpan Age()
    {
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(Math.Max(0, uptime - (StartTicks / TicksPerSecond)));
    }

    private static string CurrentBootId() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
