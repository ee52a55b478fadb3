using System.Runtime.InteropServices;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// Signals to a worker and everything it started: workers lead a process group of their own, whose number is their pid.
/// </summary>
internal static partial class ProcessGroup
{
    private const int Kill = 9;
    private const int Terminate = 15;

    /// <summary>Asks every process of the group to finish, as systemd's KillMode=control-group does.</summary>
    /// <param name="leader">The leader's pid.</param>
    /// <param name="leaderLives">The pid is certain to be the leader's still.</param>
    public static void SendTerminate(int leader, bool leaderLives) => Send(leader, Terminate, leaderLives);

    /// <summary>Ends every process of the group.</summary>
    /// <param name="leader">The leader's pid.</param>
    /// <param name="leaderLives">The pid is certain to be the leader's still.</param>
    public static void SendKill(int leader, bool leaderLives) => Send(leader, Kill, leaderLives);

    /// <summary>
    /// True while any process of the group lives. One that has ended and waits to be reaped does not count: its parent may never do
    /// it, as the first process of many a container.
    /// </summary>
    public static bool Lives(int leader) =>
        kill(-leader, 0) == 0 && ProcessStat.All().Any(process => process.Group == leader && process.IsAlive);

    // kill(2): a negative pid addresses a group; signal 0 only asks whether there is one. EPERM is impossible for our own workers.
    // A worker that was started a moment ago has no group yet: then the signal goes to the process itself.
    private static void Send(int leader, int signal, bool leaderLives)
    {
        if (kill(-leader, signal) != 0 && leaderLives)
        {
            _ = kill(leader, signal);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
