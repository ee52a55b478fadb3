using System.Net;
using System.Net.Sockets;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests;

/// <summary>A worker that is nothing but a listening socket: the test accepts, reads and answers itself, byte by byte.</summary>
internal sealed class RawBackend : IDisposable
{
    private readonly Socket _socket;
    private readonly List<RawConnection> _accepted = [];

    private RawBackend(Socket socket, EndPoint endPoint)
    {
        _socket = socket;
        socket.Bind(endPoint);
        socket.Listen();
        Address = endPoint is UnixDomainSocketEndPoint
            ? BackendAddress.ForUnix(endPoint.ToString()!)
            : BackendAddress.ForTcp((IPEndPoint)socket.LocalEndPoint!);
    }

    public BackendAddress Address { get; }

    public static RawBackend OverTcp() =>
        new(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Loopback, 0));

    public static RawBackend OverUnix(string path) =>
        new(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path));

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
        _accepted.ForEach(connection => connection.Dispose());
    }
}
