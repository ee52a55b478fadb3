using System.Text;
using BlueGreen.Agent.Workers.Limits;
using CliWrap;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// A worker's process. It leads a session and a process group of its own, and writes to its log file rather than to a pipe of
/// the front: so no signal for the front's terminal reaches it, and it outlives the front, and the next front adopts it.
/// </summary>
internal sealed class WorkerProcess
{
    /// <summary>
    /// exec keeps the pid through the shell and setsid, so the pid that was started, $$, is the worker's. Where its log cannot be
    /// written, on a full or read-only disk, it serves without one. ("true", not ":": a redirection that fails ends a shell whose special
    /// built-in it is for; POSIX, XCU 2.8.1.)
    /// </summary>
    private const string Launcher = Prologue + "exec setsid \"$@\" >>\"$log\" 2>&1";

    private const string Prologue =
        "log=$1; shift; { true >>\"$log\"; } 2>/dev/null || log=/dev/null; " + $"export {WorkerVariables.Pid}=$$; ";

    private const string NoInput = " </dev/null";
    private const int KilledStatus = 137; // 128 + SIGKILL

    private static readonly TimeSpan GroupCheck = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly MemoryGroup? _memory;
    private volatile bool _stopping;
    private volatile bool _groupIsGone;

    private WorkerProcess(int pid, ProcessIdentity? identity, Task<WorkerExit> exited, TimeProvider time, MemoryGroup? memory)
    {
        Pid = pid;
        Identity = identity;
        _time = time;
        _memory = memory;
        Exited = ReapGroupAsync(exited);
    }

    /// <summary>The process id; also the number of its process group and session.</summary>
    public int Pid { get; }

    /// <summary>Tells it from a later process with the same pid; null when it ended before it could be looked at.</summary>
    public ProcessIdentity? Identity { get; }

    /// <summary>Completes when the process has ended.</summary>
    public Task<WorkerExit> Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="arguments">The program and its arguments.</param>
    /// <param name="directory">Its working folder.</param>
    /// <param name="environment">Added to the front's own; a null value removes a variable.</param>
    /// <param name="log">Standard output and error are appended here.</param>
    /// <param name="time">The clock of its run time and of stopping.</param>
    /// <param name="input">What it can read, if it likes, from standard input: null: nothing, and nothing of the front's.</param>
    /// <param name="confinement">Who it runs as, and what it may use. Null: as the front.</param>
    /// <exception cref="LimitsException">It cannot be confined so; nothing was started.</exception>
    public static WorkerProcess Start(
        IReadOnlyList<string> arguments, string directory, IReadOnlyDictionary<string, string?> environment, WorkerLog log, TimeProvider time,
        string? input = null, Confinement? confinement = null)
    {
        var memory = confinement?.Memory?.NewGroup();
        try
        {
            if (confinement?.Account is { } account)
            {
                log.TryGiveTo(account.Uid);
            }

            return Start(arguments, directory, environment, log, time, input, confinement, memory);
        }
        catch
        {
            _ = memory?.RemoveAsync();
            throw;
        }
    }

    private static WorkerProcess Start(
        IReadOnlyList<string> arguments, string directory, IReadOnlyDictionary<string, string?> environment, WorkerLog log, TimeProvider time,
        string? input, Confinement? confinement, MemoryGroup? memory)
    {
        var epilogue = input is null ? NoInput : "";
        var launcherError = new StringBuilder();
        var started = time.GetTimestamp();
        var running = CliWrap.Cli.Wrap("/bin/sh")
            .WithArguments(confinement is null
                ? ["-c", Launcher + epilogue, "sh", log.Path, .. arguments]
                : ConfinedLauncher.Arguments(Prologue, epilogue, log.Path, confinement, memory, directory, arguments))
            .WithStandardInputPipe(input is null ? PipeSource.Null : PipeSource.FromString(input))
            .WithWorkingDirectory(directory)
            .WithEnvironmentVariables(environment)
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(launcherError))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync();
        return new WorkerProcess(running.ProcessId, ProcessIdentity.Of(running.ProcessId), WaitAsync(), time, memory);

        async Task<WorkerExit> WaitAsync()
        {
            var result = await running;
            if (launcherError.Length > 0)
            {
                log.TryAppend(launcherError.ToString());
            }

            return new WorkerExit(result.ExitCode, time.GetElapsedTime(started));
        }
    }

    /// <summary>Takes over a worker that another front started. How it ends is then unknown, when it does is not.</summary>
    /// <param name="identity">The process meant.</param>
    /// <param name="time">The clock of its run time and of stopping.</param>
    /// <param name="memory">The group that holds its memory below a limit, if any.</param>
    /// <returns>Null when it has ended, or its pid is another process's by now.</returns>
    /// <exception cref="IOException">It lives, but the kernel does not let it be watched: see <see cref="ProcessWatch.Begin"/>.</exception>
    public static WorkerProcess? Adopt(ProcessIdentity identity, TimeProvider time, MemoryGroup? memory = null)
    {
        if (ProcessWatch.Begin(identity) is not { } ended)
        {
            return null;
        }

        var age = identity.Age();
        var adopted = time.GetTimestamp();
        return new WorkerProcess(identity.Pid, identity, WaitAsync(), time, memory);

        async Task<WorkerExit> WaitAsync()
        {
            await ended;
            return new WorkerExit(Status: null, age + time.GetElapsedTime(adopted));
        }
    }

    /// <summary>SIGTERM to the group, SIGKILL to what is left of it after the grace. Returns when all of it is gone.</summary>
    /// <param name="grace">Time between the two.</param>
    /// <param name="hurry">Ends the grace early.</param>
    public async Task<WorkerExit> StopAsync(TimeSpan grace, CancellationToken hurry)
    {
        if (_groupIsGone)
        {
            // The number may be another group's by now.
            return await Exited;
        }

        _stopping = true;
        if (grace > TimeSpan.Zero && !hurry.IsCancellationRequested)
        {
            ProcessGroup.SendTerminate(Pid, leaderLives: !Exited.IsCompleted);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        using var graceTimer = _time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), patience, grace, Timeout.InfiniteTimeSpan);
        try
        {
            await Exited.WaitAsync(patience.Token);
            await GroupGoneAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }

        _groupIsGone = true;
        await (_memory?.RemoveAsync() ?? Task.CompletedTask);
        return await Exited;
    }

    /// <summary>
    /// Waits until it and all of its group are gone, however long that takes. To be called at once where it ends, or is ended: later the
    /// number may be another group's.
    /// </summary>
    public async Task GoneAsync()
    {
        await Exited;
        await GroupGoneAsync(CancellationToken.None);
    }

    private async Task KillAsync()
    {
        ProcessGroup.SendKill(Pid, leaderLives: !Exited.IsCompleted);
        await Exited;
        // Once more for what a leader that had no group yet may have started before the signal came.
        ProcessGroup.SendKill(Pid, leaderLives: false);
        using var enough = new CancellationTokenSource(KillPatience);
        try
        {
            await GroupGoneAsync(enough.Token);
        }
        catch (OperationCanceledException)
        {
            // Stuck in the kernel: nothing more can be done to it.
        }
    }

    /// <summary>What a worker started does not outlive it: after a crash it would run on without an owner.</summary>
    private async Task<WorkerExit> ReapGroupAsync(Task<WorkerExit> exited)
    {
        var exit = await exited;
        // A child may have been killed some time ago, where the kernel does not kill all of a group at once (before 4.19).
        if (exit.Status is null or KilledStatus && _memory is not null && _memory.HasKilled())
        {
            exit = exit with { ExceededMemory = _memory.Bytes };
        }

        if (!_stopping)
        {
            ProcessGroup.SendKill(Pid, leaderLives: false);
            _groupIsGone = true;
            _ = _memory?.RemoveAsync();
        }

        return exit;
    }

    /// <summary>
    /// Nothing signals the end of processes that are not the front's children, so their group is looked at again and again: by the
    /// clock of the system, whose processes they are.
    /// </summary>
    private async Task GroupGoneAsync(CancellationToken cancel)
    {
        while (ProcessGroup.Lives(Pid))
        {
            await Task.Delay(GroupCheck, cancel);
        }
    }
}
