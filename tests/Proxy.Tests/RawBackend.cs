using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests;

/// <summary>A worker that is nothing but a listening socket: the test accepts, reads and answers itself, byte by byte.</summary>
internal sealed class RawBackend : IDisposable
{
    private readonly Socket _socket;
    private readonly ConcurrentBag<RawConnection> _accepted = [];

    private RawBackend(Socket socket, EndPoint endPoint)
    {
        _socket = socket;
        socket.Bind(endPoint);
        Address = endPoint is UnixDomainSocketEndPoint
            ? BackendAddress.ForUnix(endPoint.ToString()!)
            : BackendAddress.ForTcp((IPEndPoint)socket.LocalEndPoint!);
    }

    public BackendAddress Address { get; }

    public static RawBackend OverTcp()
    {
        var backend = RefusingTcp();
        backend.Listen();
        return backend;
    }

    /// <summary>Has a port of its own and refuses connections until it listens.</summary>
    public static RawBackend RefusingTcp() =>
        new(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Loopback, 0));

    /// <param name="path">The socket's path.</param>
    /// <param name="backlog">How many connections may wait to be accepted.</param>
    public static RawBackend OverUnix(string path, int backlog = int.MaxValue)
    {
        var backend = new RawBackend(
            new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path));
        backend.Listen(backlog);
        return backend;
    }

    public void Listen(int backlog = int.MaxValue) => _socket.Listen(backlog);

    /// <summary>The next connection the front makes.</summary>
    public async Task<RawConnection> AcceptAsync()
    {
        var connection = new RawConnection(await _socket.AcceptAsync(RawConnection.TestEnds));
        _accepted.Add(connection);
        return connection;
    }

    public void Dispose()
    {
        _socket.Dispose();
        foreach (var connection in _accepted)
        {
            connection.Dispose();
        }
    }
}
