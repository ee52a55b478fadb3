using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// Hands out free TCP ports of 127.0.0.1, never one twice while it is in use here. Another program can still take a port between
/// the hand-out and the worker's bind; the launch notices that and asks for another. Thread-safe.
/// </summary>
internal sealed class PortAllocator
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _taken = [];

    /// <summary>A port nothing listens on at this moment.</summary>
    public int Take()
    {
        lock (_gate)
        {
            while (true)
            {
                using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                var port = ((IPEndPoint)probe.LocalEndPoint!).Port;
                if (_taken.Add(port))
                {
                    return port;
                }
            }
        }
    }

    /// <summary>A worker has the port already: it is not handed out until it is returned.</summary>
    public void Reserve(int port)
    {
        lock (_gate)
        {
            _taken.Add(port);
        }
    }

    /// <summary>The worker that had the port is gone.</summary>
    public void Return(int port)
    {
        lock (_gate)
        {
            _taken.Remove(port);
        }
    }

    /// <summary>True when somebody else holds the port now.</summary>
    public static bool IsTaken(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }
}
