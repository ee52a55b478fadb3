using System.Net.Sockets;

namespace BlueGreen.Proxy.Listeners;

/// <summary>
/// Keeps traffic from using up the file descriptors of the process. Without any, not only connections fail but whatever else needs one:
/// a log, a worker to start, and the runtime, which ends the process when it cannot open an assembly.
/// </summary>
/// <remarks>
/// A new descriptor is the lowest number that is free (POSIX, 2.6), so one with a number near the limit says that few are left, and
/// nothing has to be counted.
/// </remarks>
internal sealed class DescriptorReserve(Func<ulong> limit)
{
    /// <summary>Left by connections of clients.</summary>
    private const ulong LeftByClients = 64;

    /// <summary>Left by connections to workers: fewer, so that the requests of those clients that are in can still be served.</summary>
    private const ulong LeftByDials = 32;

    /// <summary>The one of this process, whose limit may be changed while it runs (prlimit).</summary>
    public static readonly DescriptorReserve OfProcess = new(static () => DescriptorLimit.Current);

    /// <summary>True when too few descriptors are left to serve this client.</summary>
    public bool IsShortFor(Socket client) => IsShort(client, LeftByClients);

    /// <summary>True when too few are left to dial with this socket.</summary>
    public bool IsShortForDial(Socket dial) => IsShort(dial, LeftByDials);

    private bool IsShort(Socket socket, ulong left)
    {
        var all = limit();
        // A small limit would otherwise be all reserve.
        return (ulong)socket.Handle >= all - Math.Min(left, all / 8);
    }
}
