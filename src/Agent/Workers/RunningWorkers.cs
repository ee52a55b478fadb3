using System.Globalization;
using System.Text;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// Finds the workers of a state folder among all processes of the machine by their environment (/proc/PID/environ), whatever is
/// written down about them.
/// <para>
/// A worker counts from the moment it leads its session. Before that, for the millisecond in which the shell of
/// <see cref="WorkerProcess"/> becomes setsid and setsid the worker, it is not found; nor is one that overwrites its environment, as
/// programs do that change their title. Both have their place in the journal.
/// </para>
/// </summary>
internal static class RunningWorkers
{
    /// <summary>
    /// The living workers of a state folder, by id. What a worker started is none, even in a session of its own; nor is a process of
    /// another user, who could write into its environment what he likes. A process that vanishes meanwhile or says nothing sensible is
    /// left out.
    /// </summary>
    /// <param name="state">The state folder, as the front that started them was told it: an absolute path.</param>
    public static IReadOnlyList<RunningWorker> Find(string state)
    {
        var folder = Path.TrimEndingDirectorySeparator(state);
        var user = UsersOf("self");
        return
        [
            .. ProcessStat.All()
                .Where(process => process is { LeadsItsSession: true, IsAlive: true })
                .Select(process => Look(process, folder, user))
                .OfType<RunningWorker>()
                .OrderBy(worker => worker.Id, StringComparer.Ordinal),
        ];
    }

    private static RunningWorker? Look(ProcessStat process, string folder, string user)
    {
        var pid = process.Pid.ToString(CultureInfo.InvariantCulture);
        try
        {
            var environment = EnvironmentOf(pid);
            return environment.TryGetValue(WorkerVariables.State, out var itsFolder) && Path.TrimEndingDirectorySeparator(itsFolder) == folder
                && environment.GetValueOrDefault(WorkerVariables.Pid) == pid
                && UsersOf(pid) == user
                    ? RunningWorker.From(environment, ProcessIdentity.Of(process)!)
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is somebody else's.
            return null;
        }
    }

    // proc(5): NAME=VALUE, each ended by a zero byte. Where a name comes twice, programs read the first.
    private static Dictionary<string, string> EnvironmentOf(string process)
    {
        var environment = new Dictionary<string, string>();
        foreach (var entry in Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/environ")).Split('\0'))
        {
            if (entry.IndexOf('=', StringComparison.Ordinal) is > 0 and var end)
            {
                environment.TryAdd(entry[..end], entry[(end + 1)..]);
            }
        }

        return environment;
    }

    /// <summary>The real, effective, saved and file system user of a process (proc(5), /proc/PID/status), as the kernel prints them.</summary>
    private static string UsersOf(string process) =>
        File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal)) ?? "";
}
