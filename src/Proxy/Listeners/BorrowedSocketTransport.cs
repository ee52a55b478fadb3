using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Proxy.Listeners;

/// <summary>
/// Kestrel's socket transport on listening sockets that stay the front's. When Kestrel stops accepting, the port is closed at
/// once, while the connections it accepted finish: clients are refused rather than left waiting in a queue nobody reads.
/// </summary>
internal sealed class BorrowedSocketTransport(IReadOnlyDictionary<ulong, ListeningSocket> lent, ILoggerFactory logging)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>The category Kestrel's own transport logs under.</summary>
    private const string Connections = "Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets";

    public bool CanBind(EndPoint endpoint) => endpoint is FileHandleEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = lent[((FileHandleEndPoint)endpoint).FileHandle];
        var connections = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), logging.CreateLogger(Connections));
        return ValueTask.FromResult<IConnectionListener>(
            new SocketListener(socket, connections, DescriptorReserve.OfProcess, logging.CreateLogger<SocketListener>()));
    }
}
