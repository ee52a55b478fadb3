using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Proxy.Listeners;

/// <summary>
/// A public port, bound and listening from the moment it is opened. The front owns it and lends it to Kestrel: a socket that
/// Kestrel owned would be closed with SO_LINGER 0, which accepted connections inherit, so their last bytes could be lost.
/// </summary>
internal sealed class ListeningSocket : IDisposable
{
    // As many as the kernel allows (net.core.somaxconn caps it): connections wait here while a front starts.
    private const int Backlog = 4096;

    private readonly Socket _socket;

    private ListeningSocket(Uri url, Socket socket)
    {
        Url = url;
        _socket = socket;
    }

    /// <summary>The address with the port that was bound, also where port 0 was asked for.</summary>
    public Uri Url { get; }

    /// <summary>Whether its clients speak TLS.</summary>
    public bool IsHttps => Url.Scheme == Uri.UriSchemeHttps;

    /// <summary>Whether trusted proxies begin their connections with a header of the PROXY protocol.</summary>
    public bool ExpectsProxyHeaders => ListenOption.AsksForProxyProtocol(Url);

    /// <summary>The same address as a socket has it.</summary>
    public EndPoint EndPoint => _socket.LocalEndPoint!;

    /// <summary>The file descriptor; valid until this object is disposed.</summary>
    public ulong Handle => (ulong)_socket.Handle;

    /// <summary>Binds and listens.</summary>
    /// <param name="url"><c>http://ADDRESS:PORT</c> or <c>https://ADDRESS:PORT</c>; <c>localhost</c> is 127.0.0.1, <c>[::]</c> takes IPv4 too. With an
    /// option of <see cref="ListenOption"/>, if any.</param>
    /// <exception cref="ListenException">The address is none, taken, forbidden or not of this machine.</exception>
    public static ListeningSocket Open(Uri url)
    {
        var address = AddressOf(url);
        if (address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6)
        {
            // "All addresses" still means something on a machine without IPv6.
            address = IPAddress.Any;
        }

        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, url.Port));
            socket.Listen(Backlog);
            var bound = new UriBuilder(url) { Port = ((IPEndPoint)socket.LocalEndPoint!).Port }.Uri;
            return new ListeningSocket(bound, socket);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new ListenException(Failure(url, Explain(e, url.Port)), e);
        }
    }

    /// <summary>The next connection.</summary>
    /// <exception cref="SocketException">The client went away, or the system lacks something: file descriptors, memory.</exception>
    public async ValueTask<Socket> AcceptAsync(CancellationToken cancel)
    {
        var socket = await _socket.AcceptAsync(cancel);
        socket.NoDelay = true;
        return socket;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static IPAddress AddressOf(Uri url)
    {
        if (url.Host == "localhost")
        {
            return IPAddress.Loopback;
        }

        return IPAddress.TryParse(url.DnsSafeHost, out var address)
            ? address
            : throw new ListenException(Failure(
                url, $"'{url.Host}' is not an IP address; use 0.0.0.0 or [::] for all addresses, localhost for this machine alone"));
    }

    private static string Failure(Uri url, string why) => $"cannot listen on {url.GetLeftPart(UriPartial.Authority)}: {why}";

    private static string Explain(SocketException e, int port) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"port {port} is already in use; stop what uses it ('ss -ltnp sport = :{port}' shows it) or choose another port",
        SocketError.AccessDenied =>
            $"no permission for port {port}; choose a port above 1023, or give the program CAP_NET_BIND_SERVICE",
        SocketError.AddressNotAvailable =>
            "this machine does not have that address; 'ip address' lists the ones it has",
        _ => e.Message,
    };
}
