using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlueGreen.Benchmarks.Running;
using BlueGreen.Load;

namespace BlueGreen.Benchmarks.Traffic;

/// <summary>A load of WebSocket messages: each connection sends one and waits for its echo.</summary>
/// <param name="Connections">Connections at once.</param>
/// <param name="MessageBytes">The size of a message, at most 125.</param>
internal sealed record EchoLoad(int Connections, int MessageBytes)
{
    private static readonly byte[] Upgrade = Encoding.ASCII.GetBytes(
        $"GET /tool/echo HTTP/1.1\r\nHost: {Topology.Host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");

    /// <summary>Runs it.</summary>
    public async Task<Measurement> RunAsync(Uri address, int seconds)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TimeLimit.Token);
        end.CancelAfter(TimeSpan.FromSeconds(seconds));
        var started = Stopwatch.GetTimestamp();
        var connections = Enumerable.Range(0, Connections).Select(_ => Task.Run(() => TalkAsync(address, end.Token), CancellationToken.None)).ToArray();
        var seen = new Latencies();
        var failed = 0;
        foreach (var (latencies, isFailed) in await Task.WhenAll(connections))
        {
            seen.Add(latencies);
            failed += isFailed ? 1 : 0;
        }
        TimeLimit.Token.ThrowIfCancellationRequested();
        return new Measurement(seen.Count, Stopwatch.GetElapsedTime(started), seen.P50, seen.P99, seen.Percentile(99.9), failed);
    }

    private async Task<(Latencies Latencies, bool IsFailed)> TalkAsync(Uri address, CancellationToken end)
    {
        var latencies = new Latencies();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var message = WebSocketFrame.Masked(MessageBytes);
        var buffer = new byte[4096];
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(address.Authority), end);
            await socket.SendAsync(Upgrade, end);
            var filled = 0;
            while (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) < 0)
                filled += await ReceiveAsync(socket, buffer.AsMemory(filled), end);
            if (!buffer.AsSpan(0, filled).StartsWith("HTTP/1.1 101"u8))
                return (latencies, true);
            while (true)
            {
                var sent = Stopwatch.GetTimestamp();
                await socket.SendAsync(message, end);
                for (var left = WebSocketFrame.LengthOfUnmasked(MessageBytes); left > 0;)
                    left -= await ReceiveAsync(socket, buffer, end);
                latencies.Record(Stopwatch.GetTimestamp() - sent);
            }
        }
        catch (OperationCanceledException)
        {
            return (latencies, false);
        }
        catch (SocketException)
        {
            return (latencies, true);
        }
    }

    private static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer, CancellationToken end) =>
        await socket.ReceiveAsync(buffer, end) is var received and > 0 ? received : throw new SocketException((int)SocketError.ConnectionReset);
}
