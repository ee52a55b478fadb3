using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Proxy.Peers;

/// <summary>
/// Takes the header of the PROXY protocol off the connections of trusted proxies, and the address in it for the connection's own. From those
/// a header must come, or the connection is closed: nobody guesses (proxy-protocol.txt, 2). From others none is read.
/// </summary>
/// <param name="trusted">Who is trusted when a connection begins.</param>
/// <param name="limit">How long a header may take.</param>
/// <param name="logger">Is told of proxies that send none.</param>
internal sealed class ProxyHeaderCheck(Func<TrustedProxies> trusted, TimeSpan limit, ILogger logger)
{
    /// <summary>Between two lines in the log: one for each connection would add to the trouble.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = TimeProvider.System;
    private long _told;

    /// <summary>The connection middleware; before TLS and all else that reads.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.RemoteEndPoint is IPEndPoint peer && trusted().Trust(peer.Address))
        {
            switch (await ReadAsync(connection))
            {
                case ProxyHeader.Complete header:
                    connection.RemoteEndPoint = header.Client ?? peer;
                    break;
                case ProxyHeader.Malformed header:
                    Tell(peer, header.Problem);
                    connection.Abort(new ConnectionAbortedException("There is no PROXY header."));
                    return;
                default:
                    return;
            }
        }

        await next(connection);
    }

    /// <summary>Unfinished when the connection ended before it said anything, as health checks do that only connect, or is to close.</summary>
    private async ValueTask<ProxyHeader> ReadAsync(ConnectionContext connection)
    {
        var stop = connection.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().ConnectionClosedRequested;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, stop);
        timeout.CancelAfter(limit);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(timeout.Token);
                var header = Read(read.Buffer);
                if (header is ProxyHeader.Complete { Length: var length })
                {
                    // What follows, which may be here already, is for the next reader.
                    input.AdvanceTo(read.Buffer.GetPosition(length));
                    return header;
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (header is ProxyHeader.Malformed || read.IsCompleted)
                {
                    return header is ProxyHeader.Unfinished && !read.Buffer.IsEmpty ? new ProxyHeader.Malformed("it is cut off") : header;
                }
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested && !connection.ConnectionClosed.IsCancellationRequested)
        {
            return new ProxyHeader.Malformed(string.Create(CultureInfo.InvariantCulture, $"it has not come within {limit.TotalSeconds:0.###} s"));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return new ProxyHeader.Unfinished();
        }
    }

    private static ProxyHeader Read(ReadOnlySequence<byte> buffer)
    {
        Span<byte> seen = stackalloc byte[ProxyHeader.Enough];
        var length = (int)Math.Min(buffer.Length, seen.Length);
        buffer.Slice(0, length).CopyTo(seen);
        return ProxyHeader.Read(seen[..length]) is var header && header is ProxyHeader.Complete complete && buffer.Length < complete.Length
            ? new ProxyHeader.Unfinished()
            : header;
    }

    private void Tell(IPEndPoint peer, string problem)
    {
        var now = _time.GetTimestamp();
        var last = Interlocked.Read(ref _told);
        if ((last != 0 && _time.GetElapsedTime(last, now) < Quiet) || Interlocked.CompareExchange(ref _told, now, last) != last)
        {
            return;
        }

        logger.LogWarning(
            "Closed a connection of {Proxy}, a trusted proxy, for want of a PROXY header: {Problem}. Have it send one (send-proxy-v2), or take "
            + "the option off the address; told once a minute", ClientAddress.Plain(peer.Address), problem);
    }
}
