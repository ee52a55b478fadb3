using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Proxy.Listeners;

/// <summary>
/// Accepts the connections of one port for Kestrel. Kestrel's own listener takes every error of an accept for a connection that was
/// reset and tries again at once: without free file descriptors it would turn in that circle with a whole core.
/// </summary>
internal sealed class SocketListener(
    ListeningSocket socket, SocketConnectionContextFactory connections, DescriptorReserve reserve, ILogger logger) : IConnectionListener
{
    /// <summary>
    /// Until the next try after an error that stays, such as a lack of descriptors: short enough for clients, which wait in the
    /// kernel's queue meanwhile, and long enough to cost nothing.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two lines in the log: one for each connection would add to the trouble.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _unbound = new();
    private readonly SemaphoreSlim _accepting = new(1);
    private readonly TimeProvider _time = TimeProvider.System;
    private long? _told;

    public EndPoint EndPoint { get; } = socket.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        await _accepting.WaitAsync(CancellationToken.None);
        try
        {
            while (!_unbound.IsCancellationRequested)
            {
                if (await TryAcceptAsync() is { } connection)
                {
                    return connection;
                }
            }

            return null;
        }
        finally
        {
            _accepting.Release();
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        // Closed only when no accept is under way: .NET would otherwise set SO_LINGER 0 on the socket to get that back.
        await _accepting.WaitAsync(CancellationToken.None);
        socket.Dispose();
        _accepting.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        connections.Dispose();
    }

    private async ValueTask<ConnectionContext?> TryAcceptAsync()
    {
        try
        {
            var accepted = await socket.AcceptAsync(_unbound.Token);
            if (reserve.IsShortFor(accepted))
            {
                accepted.Dispose();
                Tell("file descriptors run short");
                return null;
            }

            return connections.Create(accepted);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            // The client went away while it waited in the queue.
            return null;
        }
        catch (SocketException e)
        {
            Tell(e.Message);
            await Task.Delay(Pause, _unbound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        }
    }

    private void Tell(string reason)
    {
        if (_told is { } last && _time.GetElapsedTime(last) < Quiet)
        {
            return;
        }

        _told = _time.GetTimestamp();
        logger.LogWarning("Connections are turned away: {Reason}; raise the limit of open files, or lower that of connections", reason);
    }
}
