using System.Diagnostics;
using System.Globalization;
using System.Text;
using BlueGreen.Agent.Workers.Limits;

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
    /// <summary>An execve(2) takes a fraction of a millisecond, more where the program comes from a slow disk.</summary>
    private static readonly TimeSpan ExecPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// After this a process that shows arguments has no environment. The kernel shows the former an instant sooner; where there is more to
    /// run than processors, that instant can be a time slice.
    /// </summary>
    private static readonly TimeSpan ArgumentsPatience = TimeSpan.FromMilliseconds(50);

    /// <summary>A launch takes some milliseconds; more where the machine is so busy that a front had to start anew.</summary>
    private static readonly TimeSpan LaunchPatience = TimeSpan.FromSeconds(5);

    /// <summary>More than any environment has; what is beyond is not read.</summary>
    private const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>
    /// The living workers of a state folder, by id. What a worker started is none, even in a session of its own; nor is a process of
    /// another user, who could write into its environment what he likes, unless the app it says it is of has its processes run as that user. A
    /// process that vanishes meanwhile or says nothing sensible is left out.
    /// </summary>
    /// <param name="state">The state folder, as the front that started them was told it: an absolute path.</param>
    /// <param name="users">The other users whose processes are believed, by app; null: none.</param>
    public static IReadOnlyList<RunningWorker> Find(string state, ILookup<string, uint>? users = null) =>
        [.. Find(state, users, RunningWorker.From).OrderBy(worker => worker.Id, StringComparer.Ordinal)];

    /// <summary>The living processes that a front of the state folder started to run once. The same holds for them.</summary>
    /// <param name="state">The state folder.</param>
    /// <param name="users">The other users whose processes are believed, by app; null: none.</param>
    public static IReadOnlyList<RunningTask> FindTasks(string state, ILookup<string, uint>? users = null) => [.. Find(state, users, RunningTask.From)];

    /// <summary>The living processes of types that take no requests. The same holds for them.</summary>
    /// <param name="state">The state folder.</param>
    /// <param name="users">The other users whose processes are believed, by app; null: none.</param>
    public static IReadOnlyList<RunningProcess> FindProcesses(string state, ILookup<string, uint>? users = null) =>
        [.. Find(state, users, RunningProcess.From)];

    /// <summary>Whether something lives that a process had started, which itself has ended: it is in its group, and has its name from it.</summary>
    /// <param name="state">The state folder.</param>
    /// <param name="id">The id of that process.</param>
    /// <param name="group">The pid of that process.</param>
    public static bool HasLeftBehind(string state, string id, int group)
    {
        var folder = Path.TrimEndingDirectorySeparator(state);
        var buffer = new byte[MaxBytes];
        // Whoever else says so says it of a group of his own: it may well be ended.
        return ProcessStat.All().Any(process => process.Group == group && process.IsAlive
            && Look(process, folder, (_, _) => true, buffer, _ => true)?.GetValueOrDefault(WorkerVariables.Worker) == id);
    }

    /// <summary>
    /// Waits for what a front had begun to start in the moment it was killed to become what it is to be, and can be found as: the shell of
    /// <see cref="WorkerProcess"/> knows whose it will be, and leads no session yet.
    /// </summary>
    /// <param name="state">The state folder.</param>
    public static void WaitForLaunches(string state)
    {
        var folder = Path.TrimEndingDirectorySeparator(state);
        var own = ProcessStatus.UserOf(Environment.ProcessId);
        var buffer = new byte[MaxBytes];
        SpinWait.SpinUntil(() => !ProcessStat.All().Any(IsBeingLaunched), LaunchPatience);

        bool IsBeingLaunched(ProcessStat process) =>
            // Without an environment, each thread of the kernel would be taken for a process amid an execve and waited for.
            process is { LeadsItsSession: false, IsAlive: true, IsOfTheKernel: false }
            && Look(process, folder, (user, _) => user == own, buffer, itsPid => itsPid is null || itsPid == process.Pid) is { } environment
            && (environment.ContainsKey(WorkerVariables.Worker) || environment.ContainsKey(WorkerVariables.Task));
    }

    /// <summary>Whether a process, worker or not, was started with the environment of a front of the state folder.</summary>
    public static bool Concerns(string state, int pid)
    {
        try
        {
            return Parse(EnvironmentOf(pid, new byte[MaxBytes])).GetValueOrDefault(WorkerVariables.State) is { } folder
                && Path.TrimEndingDirectorySeparator(folder) == Path.TrimEndingDirectorySeparator(state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<T> Find<T>(string state, ILookup<string, uint>? users, Func<IReadOnlyDictionary<string, string>, ProcessIdentity, T?> read)
        where T : class
    {
        var folder = Path.TrimEndingDirectorySeparator(state);
        var own = ProcessStatus.UserOf(Environment.ProcessId);
        var buffer = new byte[MaxBytes];
        return ProcessStat.All()
            .Where(process => process is { LeadsItsSession: true, IsAlive: true })
            .Select(process => Look(process, folder, Trusts, buffer, itsPid => itsPid == process.Pid) is { } environment ? read(environment, ProcessIdentity.Of(process)!) : null)
            .OfType<T>();

        bool Trusts(uint user, string? app) => user == own || (app is not null && users is not null && users[app].Contains(user));
    }

    private static Dictionary<string, string>? Look(ProcessStat process, string folder, Func<uint, string?, bool> trusts, byte[] buffer, Predicate<int?> isRight)
    {
        try
        {
            var environment = Parse(EnvironmentOf(process.Pid, buffer));
            return environment.TryGetValue(WorkerVariables.State, out var itsFolder) && Path.TrimEndingDirectorySeparator(itsFolder) == folder
                && isRight(int.TryParse(environment.GetValueOrDefault(WorkerVariables.Pid), CultureInfo.InvariantCulture, out var told) ? told : null)
                && ProcessStatus.UserOf(process.Pid) is { } user && trusts(user, environment.GetValueOrDefault(WorkerVariables.App))
                    ? environment
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is somebody else's.
            return null;
        }
    }

    /// <summary>
    /// In the middle of an execve(2), as when the shell of a Procfile becomes the server, a process shows neither environment nor
    /// arguments. Nothing tells its end, so it is looked at again.
    /// </summary>
    private static ReadOnlySpan<byte> EnvironmentOf(int pid, byte[] buffer)
    {
        var length = 0;
        long? argumentsSince = null;
        SpinWait.SpinUntil(
            () => (length = Read("environ")) > 0 || HasNone() || ProcessStat.Of(pid) is not { IsAlive: true },
            ExecPatience);
        return buffer.AsSpan(0, length);

        bool HasNone()
        {
            argumentsSince = Read("cmdline") > 0 ? argumentsSince ?? Stopwatch.GetTimestamp() : null;
            return argumentsSince is { } since && Stopwatch.GetElapsedTime(since) >= ArgumentsPatience;
        }

        // In one read(2), which sees the old program or the new one: a second one would see nothing after an execve between the two.
        int Read(string file)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}");
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return RandomAccess.Read(handle, buffer, fileOffset: 0);
        }
    }

    // proc(5): NAME=VALUE, each ended by a zero byte. Where a name comes twice, programs read the first.
    private static Dictionary<string, string> Parse(ReadOnlySpan<byte> text)
    {
        var environment = new Dictionary<string, string>();
        foreach (var entry in Encoding.UTF8.GetString(text).Split('\0'))
        {
            if (entry.IndexOf('=', StringComparison.Ordinal) is > 0 and var end)
            {
                environment.TryAdd(entry[..end], entry[(end + 1)..]);
            }
        }

        return environment;
    }
}
