namespace BlueGreen.Proxy.Upstreams;

/// <summary>
/// One request's claim on a backend, from before it is forwarded until its exchange has ended in both directions. Owned by the
/// request; disposed exactly once takes effect, later calls do nothing.
/// </summary>
public sealed class RequestLease : IDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private CancellationTokenRegistration _deadline;
    private int _released;

    internal RequestLease(Backend backend)
    {
        Backend = backend;
        WatchDeadline();
    }

    /// <summary>The backend that was claimed.</summary>
    public Backend Backend { get; }

    /// <summary>What the exchange turned out to be; a request until its answer says otherwise.</summary>
    public RequestKind Kind { get; private set; }

    /// <summary>Cancelled when the drain deadline of this kind of exchange has passed.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>True once a drain deadline has cut the exchange.</summary>
    public bool WasCut => _cut.IsCancellationRequested;

    /// <summary>The answer shows that this is another kind of exchange: count it so, and give it that kind's deadline.</summary>
    public void Become(RequestKind kind)
    {
        if (kind == Kind)
        {
            return;
        }

        _deadline.Dispose();
        Backend.CountAs(Kind, -1);
        Kind = kind;
        Backend.CountAs(Kind, +1);
        WatchDeadline();
    }

    /// <summary>Gives the backend back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
        {
            return;
        }

        // Disposing waits for a callback that runs at this moment, so what WasCut says afterwards is final.
        _deadline.Dispose();
        var wasCut = WasCut;
        _cut.Dispose();
        Backend.CountAs(Kind, -1);
        Backend.Release(wasCut);
    }

    private void WatchDeadline() =>
        _deadline = Backend.DeadlineOf(Kind).UnsafeRegister(static state => ((RequestLease)state!)._cut.Cancel(), this);
}
