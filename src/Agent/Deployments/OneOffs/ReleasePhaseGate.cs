using System.Collections.Concurrent;

namespace BlueGreen.Agent.Deployments.OneOffs;

/// <summary>
/// Lets one release phase of an app run at a time, whoever runs it. By name: an app that a reload has removed may still be at it when
/// another one of its name has come.
/// </summary>
internal sealed class ReleasePhaseGate
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new();

    /// <summary>Enters as soon as nobody else is in. Dispose what is returned to leave.</summary>
    public async Task<IDisposable> EnterAsync(string app, CancellationToken cancel)
    {
        var gate = GateOf(app);
        await gate.WaitAsync(cancel);
        return new Pass(gate);
    }

    /// <summary>Enters if nobody else is in; else null.</summary>
    public IDisposable? TryEnter(string app) => GateOf(app) is var gate && gate.Wait(0) ? new Pass(gate) : null;

    private SemaphoreSlim GateOf(string app) => _gates.GetOrAdd(app, static _ => new SemaphoreSlim(1));

    private sealed class Pass(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
