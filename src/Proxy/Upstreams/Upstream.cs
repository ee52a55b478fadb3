using System.Collections.Immutable;
using BlueGreen.Proxy.Exchanges;

namespace BlueGreen.Proxy.Upstreams;

/// <summary>
/// The slot of one app that chooses backends. Requests read one immutable snapshot without a lock and claim a backend of it; a
/// switch publishes a new snapshot and only then retires the backends that are no longer in it.
/// </summary>
/// <remarks>
/// Publish before retire is what makes the switch atomic for requests: a claim that succeeds was made before the switch and is
/// drained; one that fails finds the new snapshot when it looks again. Once <see cref="Switch"/> returns, no request can
/// reach a backend that was switched away.
/// </remarks>
public sealed class Upstream(string name, TimeProvider time)
{
    private readonly Lock _switching = new();
    private volatile TrafficSplit _split = TrafficSplit.Empty;
    private volatile Hold? _hold;
    private volatile IAccessLog? _accessLog;
    private volatile ReservedPath? _reserved;
    private volatile RecentPaths? _recentPaths;
    private volatile Hold _searches = new(HoldOptions.Default, time);
    private long _resent;

    /// <summary>The app's name, for logs and error pages.</summary>
    public string Name { get; } = name;

    /// <summary>The backends that take requests at this moment.</summary>
    public TrafficSplit Split => _split;

    /// <summary>
    /// How requests wait that no backend of the snapshot took, until another snapshot comes or they try the same again. Default
    /// <see cref="HoldOptions.Default"/>; a change lets those that wait try again.
    /// </summary>
    public HoldOptions HoldOptions
    {
        get => _searches.Options;
        set
        {
            lock (_switching)
            {
                RenewSearches(value);
            }
        }
    }

    /// <summary>
    /// Is told of every request when it has ended; of one that had begun before this was set, nothing. Null (the default): nobody is,
    /// and requests pay nothing for it.
    /// </summary>
    public IAccessLog? AccessLog
    {
        get => _accessLog;
        set => _accessLog = value;
    }

    /// <summary>A path that no request of a client reaches: 404. Null (the default): none.</summary>
    public ReservedPath? Reserved
    {
        get => _reserved;
        set => _reserved = value;
    }

    /// <summary>Counts the paths that are asked for. Null (the default): nothing does, and requests pay nothing for it.</summary>
    public RecentPaths? RecentPaths
    {
        get => _recentPaths;
        set => _recentPaths = value;
    }

    /// <summary>Requests that wait for a backend at this moment.</summary>
    public int Held => (_hold?.Waiting ?? 0) + _searches.Waiting;

    /// <summary>How often a request went to a backend again after one had failed it.</summary>
    public long Resent => Volatile.Read(ref _resent);

    /// <summary>Claims a backend for one request, waiting in the bounded hold where there is one.</summary>
    /// <exception cref="OperationCanceledException">The client went away while its request was held.</exception>
    public ValueTask<AcquireResult> AcquireAsync(CancellationToken clientGone) =>
        TryAcquire() is { } lease
            ? ValueTask.FromResult(AcquireResult.Of(lease))
            : AcquireLaterAsync(clientGone);

    /// <summary>
    /// Moves all new requests to these backends in one step and retires those that are no longer among them. An empty set leaves
    /// requests with the hold, or refused where there is none.
    /// </summary>
    /// <param name="next">The backends.</param>
    /// <param name="hold">Begins a hold in the same step where the set is empty: no request is refused in between.</param>
    /// <returns>The backends this call retired; drain each of them.</returns>
    /// <exception cref="InvalidOperationException">A backend has been retired before; nothing has changed.</exception>
    public IReadOnlyList<Backend> Switch(ImmutableArray<Backend> next, HoldOptions? hold = null) =>
        Publish(next.IsEmpty ? TrafficSplit.Empty : new TrafficSplit(next), hold);

    /// <summary>
    /// The same for two groups, of which the newcomers get a growing share of the new requests. It ends with the next call of this or
    /// of <see cref="Switch"/>, and not by itself: when its time is over, the newcomers get all and nobody is retired.
    /// </summary>
    /// <param name="settled">The backends that have the traffic; where there is none, the newcomers get all.</param>
    /// <param name="newcomers">Those that get a share.</param>
    /// <param name="slowStart">How much.</param>
    /// <param name="hold">As for <see cref="Switch"/>.</param>
    /// <returns>The backends this call retired; drain each of them.</returns>
    /// <exception cref="InvalidOperationException">A backend has been retired before; nothing has changed.</exception>
    public IReadOnlyList<Backend> Share(
        ImmutableArray<Backend> settled, ImmutableArray<Backend> newcomers, SlowStart slowStart, HoldOptions? hold = null) =>
        Publish(TrafficSplit.Of(settled, newcomers, slowStart), hold);

    /// <summary>From now on requests that find no backend wait for one. A hold in force stays as it is.</summary>
    public void BeginHold(HoldOptions options)
    {
        lock (_switching)
        {
            _hold ??= _split.Backends.IsEmpty ? new Hold(options, time) : null;
        }
    }

    /// <summary>Requests that find no backend are refused again, those that wait included.</summary>
    public void EndHold()
    {
        lock (_switching)
        {
            var hold = _hold;
            _hold = null;
            hold?.End();
        }
    }

    /// <summary>For a request that begins: what watches it for the access log, where there is one.</summary>
    internal ExchangeWatch? BeginWatch() => _accessLog is null ? null : new ExchangeWatch(this, time);

    /// <summary>For a request whose backend failed it: what it meets from now on, and the clock of its waiting.</summary>
    internal Search BeginSearch() => new(time);

    /// <summary>
    /// Claims a backend once more: another than those that failed the request, where there is one. When all of them did, it waits for
    /// the next snapshot, and tries the same again now and then, since a worker with a full queue refuses for a moment only.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client went away meanwhile.</exception>
    internal async ValueTask<AcquireResult> AcquireAgainAsync(Search search, CancellationToken clientGone)
    {
        while (true)
        {
            // Read before the backends are looked at: a switch in between has ended the wait just read.
            var searches = _searches;
            if (TryAcquire(search) is { } lease)
            {
                Interlocked.Increment(ref _resent);
                return AcquireResult.Of(lease);
            }

            if (_split.Backends.IsEmpty)
            {
                var held = await AcquireLaterAsync(clientGone);
                Interlocked.Add(ref _resent, held.Lease is null ? 0 : 1);
                return held;
            }

            if (search.NextPause(searches.Options.Wait) is not { } pause)
            {
                return AcquireResult.Failed(AcquireFailure.HoldTimedOut);
            }

            if (await searches.WaitAsync(pause, clientGone) == AcquireFailure.HoldFull)
            {
                return AcquireResult.Failed(AcquireFailure.HoldFull);
            }

            search.StartOver();
        }
    }

    private Backend[] Publish(TrafficSplit next, HoldOptions? hold)
    {
        lock (_switching)
        {
            // Requests look again until a claim succeeds: a backend that refuses them all would keep them looking for ever.
            if (next.Backends.FirstOrDefault(backend => backend.State != BackendState.Active) is { } retired)
            {
                throw new InvalidOperationException(
                    $"Backend {retired.Id} has been retired and cannot come back; switch {Name} to a new backend for its worker.");
            }

            var replaced = _split.Backends.Except(next.Backends).ToArray();
            if (next.Backends.IsEmpty && hold is not null)
            {
                // Before the split is published: a request that finds the empty one finds the hold too.
                _hold ??= new Hold(hold, time);
            }

            _split = next;
            foreach (var backend in replaced)
            {
                backend.Retire();
            }

            if (!next.Backends.IsEmpty)
            {
                EndHold();
            }

            RenewSearches(HoldOptions);
            return replaced;
        }
    }

    private RequestLease? TryAcquire(Search? search = null)
    {
        // Ends: a failed claim means the backend was retired, hence that another snapshot has been published.
        while ((search is null ? _split.Choose() : search.Choose(_split)) is { } backend)
        {
            if (backend.TryClaim() is { } lease)
            {
                return lease;
            }
        }

        return null;
    }

    private async ValueTask<AcquireResult> AcquireLaterAsync(CancellationToken clientGone)
    {
        while (true)
        {
            // The hold is read before the backends are looked at again: a switch in between has ended the hold just read.
            var hold = _hold;
            if (TryAcquire() is { } lease)
            {
                return AcquireResult.Of(lease);
            }

            if (hold is null)
            {
                if (IsRefusing())
                {
                    return AcquireResult.Failed(AcquireFailure.NoBackend);
                }

                continue;
            }

            var failure = await hold.WaitAsync(clientGone);
            if (failure != AcquireFailure.None)
            {
                return AcquireResult.Failed(failure);
            }
        }
    }

    // Under the lock: a switch may have emptied the split and begun a hold between the two looks of a request.
    private bool IsRefusing()
    {
        lock (_switching)
        {
            return _hold is null && _split.Backends.IsEmpty;
        }
    }

    // Under the lock.
    private void RenewSearches(HoldOptions options)
    {
        var searches = _searches;
        _searches = new Hold(options, time);
        searches.End();
    }
}
