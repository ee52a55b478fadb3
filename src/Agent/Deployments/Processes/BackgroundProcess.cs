using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>One process of a type that takes no requests, launched or adopted.</summary>
/// <param name="found">Who it is.</param>
/// <param name="process">The process.</param>
/// <param name="log">Where its output is.</param>
/// <param name="restarts">How often its place had a process of the same release before that died.</param>
/// <param name="since">When it was started.</param>
internal sealed class BackgroundProcess(RunningProcess found, WorkerProcess process, WorkerLog log, int restarts, DateTimeOffset since)
{
    /// <summary>APP.RELEASE.TYPE-N</summary>
    public string Id => found.Id;

    /// <summary>Its type.</summary>
    public string Type => found.Type;

    /// <summary>The number of its release.</summary>
    public int Release => found.Release;

    /// <summary>The number its start was given: those started before it have lower ones.</summary>
    public long Generation => found.Generation;

    /// <summary>The process id.</summary>
    public int Pid => process.Pid;

    /// <summary>Tells the process from a later one with the same pid; null when it ended before it could be looked at.</summary>
    public ProcessIdentity? Identity => process.Identity;

    /// <summary>Completes when the process has ended.</summary>
    public Task<WorkerExit> Exited => process.Exited;

    /// <summary>Where its output is.</summary>
    public WorkerLog Log => log;

    /// <summary>How often its place had a process of the same release before that died.</summary>
    public int Restarts => restarts;

    /// <summary>When it was started.</summary>
    public DateTimeOffset Since => since;

    /// <summary>True once the front has asked it to end.</summary>
    public bool WasToldToStop { get; private set; }

    /// <summary>SIGTERM to it and its group, SIGKILL after the grace.</summary>
    /// <param name="grace">Time between the two.</param>
    /// <param name="hurry">Ends the grace early.</param>
    public Task StopAsync(TimeSpan grace, CancellationToken hurry)
    {
        WasToldToStop |= !Exited.IsCompleted;
        return process.StopAsync(grace, hurry);
    }

    /// <summary>Completes when it and all of its group are gone.</summary>
    public Task GoneAsync() => process.GoneAsync();
}
