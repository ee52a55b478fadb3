using System.Collections.Immutable;

namespace BlueGreen.Proxy.Upstreams;

/// <summary>The backends that share an upstream's traffic at one moment. Immutable: a switch replaces the whole of it.</summary>
public sealed class TrafficSplit
{
    /// <summary>No backend: nothing has been switched to yet.</summary>
    public static readonly TrafficSplit Empty = new([]);

    private readonly TrafficGroups? _groups;
    private int _turn = -1;

    /// <summary>Traffic shared among these backends.</summary>
    public TrafficSplit(ImmutableArray<Backend> backends)
    {
        Backends = backends;
    }

    private TrafficSplit(TrafficGroups groups)
        : this([.. groups.Settled.Backends, .. groups.Newcomers.Backends])
    {
        _groups = groups;
    }

    /// <summary>Traffic of which some backends get a growing share. Where one of the groups is empty the other has it all.</summary>
    public static TrafficSplit Of(ImmutableArray<Backend> settled, ImmutableArray<Backend> newcomers, SlowStart slowStart) =>
        newcomers.IsEmpty ? new TrafficSplit(settled)
        : settled.IsEmpty ? new TrafficSplit(newcomers)
        : new TrafficSplit(new TrafficGroups(new TrafficSplit(settled), new TrafficSplit(newcomers), slowStart));

    /// <summary>The backends, in no particular order.</summary>
    public ImmutableArray<Backend> Backends { get; }

    /// <summary>The split without some of its backends.</summary>
    internal TrafficSplit Without(Predicate<Backend> some) => _groups is { } groups
        ? Of(groups.Settled.Backends.RemoveAll(some), groups.Newcomers.Backends.RemoveAll(some), groups.SlowStart)
        : new TrafficSplit(Backends.RemoveAll(some));

    /// <summary>
    /// The least busy backend, of the group whose turn it is where there are two; where several are equally busy they take turns, so
    /// that idle ones share alike. Null when there is none.
    /// </summary>
    internal Backend? Choose()
    {
        if (_groups is { } groups)
        {
            return groups.Next().Choose();
        }

        var backends = Backends;
        if (backends.Length <= 1)
        {
            return backends.Length == 0 ? null : backends[0];
        }

        var best = backends[0];
        var least = best.InFlightTotal;
        var equals = 1u;
        foreach (var other in backends.AsSpan(1..))
        {
            var inFlight = other.InFlightTotal;
            if (inFlight < least)
            {
                (best, least, equals) = (other, inFlight, 1);
            }
            else if (inFlight == least)
            {
                equals++;
            }
        }

        return equals == 1 ? best : TakeTurns(backends, least, equals) ?? best;
    }

    /// <summary>The one whose turn it is among the equals; null when their counts have changed meanwhile.</summary>
    private Backend? TakeTurns(ImmutableArray<Backend> backends, int least, uint equals)
    {
        var before = (uint)Interlocked.Increment(ref _turn) % equals;
        foreach (var backend in backends)
        {
            if (backend.InFlightTotal == least && before-- == 0)
            {
                return backend;
            }
        }

        return null;
    }
}
