using System.Globalization;

namespace BlueGreen.Agent.Workers;

/// <summary>A process as the kernel shows it at one moment (proc(5), /proc/PID/stat).</summary>
/// <param name="Pid">Its number (field 1).</param>
/// <param name="State">R, S, D, ...; Z and X are processes that have ended (field 3).</param>
/// <param name="Group">Its process group (field 5).</param>
/// <param name="Session">Its session (field 6).</param>
/// <param name="Flags">Of its task (field 9).</param>
/// <param name="StartTicks">When it was started, in clock ticks since boot (field 22).</param>
internal sealed record ProcessStat(int Pid, char State, int Group, int Session, long Flags, long StartTicks)
{
    /// <summary>PF_KTHREAD of include/linux/sched.h.</summary>
    private const long KernelThread = 0x0020_0000;

    /// <summary>True for a thread of the kernel, which runs no program and has neither environment nor arguments.</summary>
    public bool IsOfTheKernel => (Flags & KernelThread) != 0;

    /// <summary>False for one that has ended and waits to be reaped.</summary>
    public bool IsAlive => State is not ('Z' or 'X');

    /// <summary>True when it leads a group and a session of its own, as workers do.</summary>
    public bool LeadsItsSession => Group == Pid && Session == Pid;

    /// <summary>All that can be seen now. Some of them may have ended by the time they are looked at.</summary>
    public static IEnumerable<ProcessStat> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Of(pid) : null)
            .OfType<ProcessStat>();

    /// <summary>The process with this pid; null when there is none or it may not be looked at.</summary>
    public static ProcessStat? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            // The second field, the name in brackets, may hold spaces and brackets itself: count from the last bracket.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStat(pid, fields[0][0], (int)Number(5), (int)Number(6), Number(9), Number(22));

            long Number(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
