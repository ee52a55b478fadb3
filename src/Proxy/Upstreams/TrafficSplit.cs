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

        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)backends.Length);
        var best = backends[first];
        var least = best.InFlightTotal;
        for (var i = 1; i < backends.Length && least > 0; i++)
        {
            var other = backends[(first + i) % backends.Length];
            if (other.InFlightTotal < least)
            {
                best = other;
                least = other.InFlightTotal;
            }
        }

        return best;
    }
}
