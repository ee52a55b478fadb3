namespace BlueGreen.Faults.Injection;

/// <summary>
/// A front that does not move for as long as this is not disposed of (SIGSTOP, then SIGCONT), so that a fault happens at the very step
/// that was waited for. To everybody else it is a front whose machine is busy for some milliseconds.
/// </summary>
public sealed class FrozenFront : IDisposable
{
    private readonly int _pid;

    /// <summary>Stops a front.</summary>
    public FrozenFront(int pid)
    {
        _pid = pid;
        ProcessTable.Signal(pid, Signals.Stop);
    }

    /// <summary>Waits until all of it has stopped: a thread that is in the kernel goes on until it leaves it.</summary>
    public async Task StillAsync()
    {
        while (ProcessTable.IsAlive(_pid) && !ProcessTable.IsStopped(_pid))
            await Task.Delay(1, TimeLimit.Token);
    }

    /// <inheritdoc/>
    public void Dispose() => ProcessTable.Signal(_pid, Signals.Continue);
}
