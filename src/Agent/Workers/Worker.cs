using System.Net;

namespace BlueGreen.Agent.Workers;

/// <summary>One process that runs a release, at one address.</summary>
internal sealed class Worker
{
    private readonly WorkerSpec _spec;
    private readonly WorkerProcess _process;
    private int _state = (int)WorkerState.Starting;

    /// <summary>A worker that has just been launched.</summary>
    /// <param name="spec">What it runs.</param>
    /// <param name="process">What was started.</param>
    /// <param name="endPoint">Where it is to listen.</param>
    /// <param name="onGone">Called once when the process has ended: gives the address back.</param>
    public Worker(WorkerSpec spec, WorkerProcess process, EndPoint endPoint, Action onGone)
    {
        _spec = spec;
        _process = process;
        EndPoint = endPoint;
        Exited = WatchAsync(onGone);
    }

    /// <summary>APP.RELEASE.N</summary>
    public string Id => _spec.Id;

    /// <summary>The process id.</summary>
    public int Pid => _process.Pid;

    /// <summary>Tells the process from a later one with the same pid.</summary>
    public ProcessIdentity? Identity => _process.Identity;

    /// <summary>Where it listens: a TCP end point of the loopback or a Unix socket.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>The user it runs as; null: the front's own.</summary>
    public uint? User => _spec.User;

    /// <summary>Where its output is.</summary>
    public WorkerLog Log => _spec.Log;

    /// <summary>Where it is in its life.</summary>
    public WorkerState State => (WorkerState)Volatile.Read(ref _state);

    /// <summary>Completes when the process has ended.</summary>
    public Task<WorkerExit> Exited { get; }

    /// <summary>True once the front has asked it to end.</summary>
    public bool WasToldToStop { get; private set; }

    /// <summary>True when it ended because another program had taken its port before it could.</summary>
    public bool LostItsPort => Exited.IsCompleted && EndPoint is IPEndPoint { Port: var port } && PortAllocator.IsTaken(port);

    /// <summary>It has passed its health gate, or its checks again. No effect once it is told to stop or has ended.</summary>
    public void BecomeHealthy()
    {
        Change(WorkerState.Starting, WorkerState.Healthy);
        Change(WorkerState.Unhealthy, WorkerState.Healthy);
    }

    /// <summary>It has failed too many checks. No effect once it is told to stop or has ended.</summary>
    public void BecomeUnhealthy()
    {
        Change(WorkerState.Starting, WorkerState.Unhealthy);
        Change(WorkerState.Healthy, WorkerState.Unhealthy);
    }

    /// <summary>Tells it to finish; kills what is left of it after the grace. Returns when it is gone.</summary>
    public async Task<WorkerExit> StopAsync(TimeSpan grace, CancellationToken hurry = default)
    {
        WasToldToStop |= !Exited.IsCompleted;
        var before = Interlocked.Exchange(ref _state, (int)WorkerState.Stopping);
        if (before == (int)WorkerState.Exited)
        {
            Volatile.Write(ref _state, before);
        }

        await _process.StopAsync(grace, hurry);
        return await Exited;
    }

    private void Change(WorkerState from, WorkerState to) => Interlocked.CompareExchange(ref _state, (int)to, (int)from);

    private async Task<WorkerExit> WatchAsync(Action onGone)
    {
        var exit = await _process.Exited;
        Volatile.Write(ref _state, (int)WorkerState.Exited);
        onGone();
        return exit;
    }
}
