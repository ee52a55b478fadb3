using System.Net;
using System.Net.Sockets;
using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Listeners;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>Makes the connections to one backend.</summary>
internal sealed class BackendDial(BackendAddress address)
{
    /// <summary>On the same machine a connection takes microseconds; what takes longer waits in a full queue.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly EndPoint _endPoint = address.UnixPath is { } path ? new UnixDomainSocketEndPoint(path) : address.Tcp!;

    /// <summary>A new connection.</summary>
    /// <exception cref="DialException">There is none: refused, no such socket, somebody else behind it, no answer, a full queue, no descriptor left.</exception>
    /// <exception cref="SentAlreadyException">The request it is for has been sent.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        SendOnce.ThrowIfBegun(context.InitialRequestMessage);
        var watched = WatchedExchange.BeginDial(context.InitialRequestMessage);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        Socket? socket = null;
        try
        {
            socket = address.Tcp is null
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(_endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (DescriptorReserve.OfProcess.IsShortForDial(socket))
            {
                throw new SocketException((int)SocketError.TooManyOpenSockets);
            }

            await socket.ConnectAsync(_endPoint, limit.Token);
            if (address.User is { } user && PeerUser.Of(socket) != user)
            {
                throw new SocketException((int)SocketError.AccessDenied);
            }

            watched?.EndDial(context.InitialRequestMessage);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket?.Dispose();
            if (cancel.IsCancellationRequested)
            {
                throw;
            }

            throw new DialException(e);
        }
    }
}
