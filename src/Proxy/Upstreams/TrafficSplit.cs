using System.Collections.Immutable;

namespace BlueGreen.Proxy.Upstreams;

/// <summary>The backends that share an upstream's traffic at one moment. Immutable: a switch replaces the whole of it.</summary>
public sealed class TrafficSplit
{
    /// <summary>No backend: nothing has been switched to yet.</summary>
    public static readonly TrafficSplit Empty = new([]);

    private int _turn = -1;

    /// <summary>Traffic shared among these backends.</summary>
    public TrafficSplit(ImmutableArray<Backend> backends)
    {
        Backends = backends;
    }

    /// <summary>The backends, in no particular order.</summary>
    public ImmutableArray<Backend> Backends { get; }

    /// <summary>The split without some of its backends.</summary>
    internal TrafficSplit Without(Predicate<Backend> some) => new(Backends.RemoveAll(some));

    /// <summary>
    /// The least busy backend; where several are equally busy they take turns, so that idle ones share alike.
    /// Null when there is none.
    /// </summary>
    internal Backend? Choose()
    {
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
