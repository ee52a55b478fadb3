using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace BlueGreen.Proxy.Listeners;

/// <summary>
/// Looks at the first bytes of a cleartext connection, consuming none: those of the HTTP/2 preface (RFC 9113, 3.4) go to the
/// HTTP/2 end point, all others on to HTTP/1.1. "PRI" is no method of HTTP/1.1, so three bytes and a space decide.
/// </summary>
internal sealed class PrefaceCheck(Http2Handover http2, TimeSpan limit)
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>The connection middleware.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate http1)
    {
        if (await SpeaksHttp2Async(connection) is not { } isHttp2)
        {
            return;
        }

        await (isHttp2 ? http2.RunAsync(connection) : http1(connection));
    }

    /// <summary>Null when the connection ended, or was to close, before it said enough, or said too little for too long.</summary>
    private async ValueTask<bool?> SpeaksHttp2Async(ConnectionContext connection)
    {
        // A stop asks connections to close; one that has not said anything yet has nothing to finish.
        var stop = connection.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().ConnectionClosedRequested;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, stop);
        timeout.CancelAfter(limit);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(timeout.Token);
                var answer = Decide(read);
                // Nothing is consumed. What was seen counts as examined only while more is needed: otherwise the next reader
                // would wait for bytes beyond those that are already here.
                input.AdvanceTo(read.Buffer.Start, answer is null ? read.Buffer.End : read.Buffer.Start);
                if (answer is not null || read.IsCompleted || read.IsCanceled)
                {
                    return answer;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static bool? Decide(ReadResult read)
    {
        Span<byte> seen = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(read.Buffer.Length, Preface.Length);
        read.Buffer.Slice(0, length).CopyTo(seen);
        return seen[..length].SequenceEqual(Preface[..length])
            ? length == Preface.Length ? true : null
            : false;
    }
}
