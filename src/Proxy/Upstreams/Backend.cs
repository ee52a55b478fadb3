using BlueGreen.Proxy.Forwarding;

namespace BlueGreen.Proxy.Upstreams;

/// <summary>
/// An address requests are forwarded to, with the gate that counts them: claimed by each request before it is forwarded, closed
/// for good when the backend is retired. A worker that comes back into rotation gets a new one.
/// </summary>
/// <remarks>
/// The gate is one word, the retired bit and the count, changed only by compare-and-swap: a claim either happens before the
/// retirement and is counted, or it fails. So a count of zero after the retirement is final, and whoever sees it first
/// completes the drain.
/// </remarks>
public sealed class Backend : IDisposable
{
    private const int RetiredBit = int.MinValue;
    private const int CountMask = int.MaxValue;

    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _requestDeadline = new();
    private readonly CancellationTokenSource _streamDeadline = new();
    private int _gate;
    private int _streams;
    private int _upgraded;
    private int _cut;
    private int _inFlightAtRetirement;

    /// <summary>An active backend.</summary>
    /// <param name="id">Names the backend in logs; the worker's id.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="time">The clock of drain deadlines.</param>
    public Backend(string id, BackendAddress address, TimeProvider time)
    {
        Id = id;
        Address = address;
        _time = time;
        Client = BackendHttpClient.Create(address);
    }

    /// <summary>Names the backend in logs.</summary>
    public string Id { get; }

    /// <summary>Where it listens.</summary>
    public BackendAddress Address { get; }

    /// <summary>
    /// The client of this backend alone: its pooled connections end with it, so a reused port never meets an old connection.
    /// </summary>
    internal HttpMessageInvoker Client { get; }

    /// <summary>Where the backend is in its life.</summary>
    public BackendState State => Volatile.Read(ref _gate) switch
    {
        RetiredBit => BackendState.Drained,
        < 0 => BackendState.Draining,
        _ => BackendState.Active,
    };

    /// <summary>What it carries at this moment.</summary>
    public InFlight InFlight
    {
        get
        {
            var total = InFlightTotal;
            var streams = Volatile.Read(ref _streams);
            var upgraded = Volatile.Read(ref _upgraded);
            // Read one after the other, so a request that ends in between must not make the rest negative.
            return new InFlight(Math.Max(0, total - streams - upgraded), streams, upgraded);
        }
    }

    internal int InFlightTotal => Volatile.Read(ref _gate) & CountMask;

    /// <summary>Counts a request in, unless the backend is retired.</summary>
    internal RequestLease? TryClaim()
    {
        var seen = Volatile.Read(ref _gate);
        while (seen >= 0)
        {
            var before = Interlocked.CompareExchange(ref _gate, seen + 1, seen);
            if (before == seen)
            {
                return new RequestLease(this);
            }

            seen = before;
        }

        return null;
    }

    /// <summary>
    /// Closes the gate. Only <see cref="Upstream"/> calls it, after it has published a snapshot without this backend: a request
    /// that fails to claim can then rely on finding another snapshot.
    /// </summary>
    internal void Retire()
    {
        var before = Interlocked.Or(ref _gate, RetiredBit);
        if (before < 0)
        {
            return;
        }

        _inFlightAtRetirement = before;
        if (before == 0)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>
    /// Waits until the last exchange of a retired backend ended; cuts those that outlive their deadline, counted from this call.
    /// </summary>
    /// <param name="deadlines">How long each kind may go on.</param>
    /// <param name="hurry">Cuts everything at once.</param>
    /// <exception cref="InvalidOperationException">The backend has not been retired.</exception>
    public async Task<DrainResult> DrainAsync(DrainDeadlines deadlines, CancellationToken hurry = default)
    {
        if (State == BackendState.Active)
        {
            throw new InvalidOperationException($"Backend {Id} is active; switch the upstream away from it before draining it.");
        }

        var started = _time.GetTimestamp();
        // Disposed asynchronously: that waits for a callback on its way, which must not meet a disposed backend.
        await using (CutAfter(deadlines.Requests, _requestDeadline))
        await using (CutAfter(deadlines.Streams, _streamDeadline))
        await using (hurry.UnsafeRegister(static state => ((Backend)state!).CutAll(), this))
        {
            await _drained.Task;
        }

        var cut = Volatile.Read(ref _cut);
        return new DrainResult(Math.Max(0, _inFlightAtRetirement - cut), cut, _time.GetElapsedTime(started));
    }

    /// <summary>Frees the connections to the backend. Called once it is drained and nothing else will use it.</summary>
    public void Dispose()
    {
        Client.Dispose();
        _requestDeadline.Dispose();
        _streamDeadline.Dispose();
    }

    internal CancellationToken DeadlineOf(RequestKind kind) =>
        kind == RequestKind.Request ? _requestDeadline.Token : _streamDeadline.Token;

    internal void CountAs(RequestKind kind, int change)
    {
        switch (kind)
        {
            case RequestKind.Stream:
                Interlocked.Add(ref _streams, change);
                break;
            case RequestKind.Upgraded:
                Interlocked.Add(ref _upgraded, change);
                break;
            default:
                break;
        }
    }

    internal void Release(bool wasCut)
    {
        if (wasCut)
        {
            Interlocked.Increment(ref _cut);
        }

        if (Interlocked.Decrement(ref _gate) == RetiredBit)
        {
            _drained.TrySetResult();
        }
    }

    private ITimer CutAfter(TimeSpan delay, CancellationTokenSource deadline) =>
        _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), deadline, delay, Timeout.InfiniteTimeSpan);

    private void CutAll()
    {
        _requestDeadline.Cancel();
        _streamDeadline.Cancel();
    }
}
