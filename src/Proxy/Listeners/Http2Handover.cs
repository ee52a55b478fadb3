using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace BlueGreen.Proxy.Listeners;

/// <summary>
/// The transport behind <see cref="Http2EndPoint"/>: its "accepted" connections are those the preface check of the public port
/// hands over. Kestrel fixes one protocol per cleartext end point, so a port that takes both needs two end points.
/// </summary>
internal sealed class Http2Handover : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<ConnectionContext> _accepted =
        Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true });

    public EndPoint EndPoint { get; private set; } = new Http2EndPoint();

    public bool CanBind(EndPoint endpoint) => endpoint is Http2EndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    /// <summary>Gives a connection to the HTTP/2 end point; completes when that is done with it.</summary>
    public async Task RunAsync(ConnectionContext connection)
    {
        await using var handed = new HandedConnection(connection);
        if (_accepted.Writer.TryWrite(handed))
        {
            await handed.Ended;
        }
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
