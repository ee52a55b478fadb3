using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace BlueGreen.Proxy.Listeners;

/// <summary>
/// Kestrel's socket transport on listening sockets that stay the front's. When Kestrel stops accepting, the port is closed at
/// once, while the connections it accepted finish: clients are refused rather than left waiting in a queue nobody reads.
/// </summary>
internal sealed class BorrowedSocketTransport(
    SocketTransportFactory sockets, IReadOnlyDictionary<ulong, ListeningSocket> lent) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is FileHandleEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = lent[((FileHandleEndPoint)endpoint).FileHandle];
        return new Listener(await sockets.BindAsync(endpoint, cancellationToken), socket);
    }

    private sealed class Listener(IConnectionListener inner, ListeningSocket socket) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            inner.AcceptAsync(cancellationToken);

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await inner.UnbindAsync(cancellationToken);
            socket.Dispose();
        }

        [SuppressMessage("Usage", "CA1816", Justification = "Nothing here has a finalizer.")]
        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
