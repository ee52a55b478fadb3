using System.Runtime.InteropServices;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// Signals to a worker and everything it started: workers lead a process group of their own, whose number is their pid.
/// </summary>
internal static partial class ProcessGroup
{
    private const int Kill = 9;
    private const int Terminate = 15;

    /// <summary>Asks every process of the group to finish, as systemd's KillMode=control-group does. False: the group is empty.</summary>
    public static bool SendTerminate(int leader) => Send(leader, Terminate);

    /// <summary>Ends every process of the group. False: the group is empty.</summary>
    public static bool SendKill(int leader) => Send(leader, Kill);

    /// <summary>True while any process of the group lives.</summary>
    public static bool Exists(int leader) => Send(leader, signal: 0);

    // kill(2): a negative pid addresses a group; signal 0 only asks whether there is one. EPERM is impossible for our own children.
    private static bool Send(int leader, int signal) => kill(-leader, signal) == 0;

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
