using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using BlueGreen.Load;

namespace BlueGreen.Faults.Traffic;

/// <summary>
/// One client that opens a WebSocket, talks to its echo for a while, closes it, and begins again. Each session is one exchange.
/// </summary>
internal sealed class WebSocketClient(Uri front, int echoes, TimeSpan every, TimeSpan timeout, TrafficLog log)
{
    private static readonly TimeSpan PauseWhenRefused = TimeSpan.FromMilliseconds(20);

    private readonly Uri _target = new UriBuilder(front) { Scheme = "ws", Path = "/ws" }.Uri;

    /// <summary>Runs until it is stopped; a session that was begun is waited for.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            if (!await TalkAsync())
                await Task.Delay(PauseWhenRefused, CancellationToken.None);
    }

    /// <returns>Whether there was a connection.</returns>
    private async Task<bool> TalkAsync()
    {
        using var deadline = new CancellationTokenSource(timeout);
        using var socket = new ClientWebSocket();
        // A handler of its own: a connection is then never one that an earlier session has left.
        using var connections = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        socket.Options.CollectHttpResponseDetails = true;
        var started = Stopwatch.GetTimestamp();
        try
        {
            await socket.ConnectAsync(_target, connections, deadline.Token);
            var release = await ReceiveAsync(socket, deadline.Token);
            for (var echo = 1; echo <= echoes; echo++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"echo {echo}");
                await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, deadline.Token);
                if (await ReceiveAsync(socket, deadline.Token) is var heard && heard != text)
                    throw new ExchangeFailedException(FailureKind.Malformed, $"sent “{text}”, heard “{heard}”");
                await Task.Delay(every, deadline.Token);
            }
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);
            log.Add(ExchangeKind.WebSocket, null, started, Stopwatch.GetTimestamp(), echoes * every, release.Split(' ')[^1]);
            return true;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ExchangeFailedException)
        {
            var failure = FailureOf(e, socket);
            log.Add(new FailedExchange
            {
                Kind = ExchangeKind.WebSocket,
                ConnectedAt = failure == FailureKind.Refused ? null : started,
                Started = started,
                Ended = Stopwatch.GetTimestamp(),
                Failure = failure,
                Status = socket.HttpStatusCode == 0 ? null : (int)socket.HttpStatusCode,
                WorkerPid = WorkerOf(socket),
                Detail = e.GetBaseException().Message,
            });
            return failure != FailureKind.Refused;
        }
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket, CancellationToken cancel)
    {
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
        return received.MessageType == WebSocketMessageType.Close
            ? throw new ExchangeFailedException(FailureKind.Closed, $"the worker said goodbye: {socket.CloseStatus}")
            : Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static FailureKind FailureOf(Exception failure, ClientWebSocket socket) => failure switch
    {
        ExchangeFailedException known => known.Kind,
        OperationCanceledException => FailureKind.TimedOut,
        _ when failure.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused } => FailureKind.Refused,
        _ when socket.HttpStatusCode is not (0 or System.Net.HttpStatusCode.SwitchingProtocols) => FailureKind.BadStatus,
        _ when socket.HttpStatusCode == 0 => FailureKind.Closed,
        _ => FailureKind.Truncated,
    };

    private static int? WorkerOf(ClientWebSocket socket)
    {
        var field = socket.HttpResponseHeaders?.FirstOrDefault(field => field.Key.Equals("X-Pid", StringComparison.OrdinalIgnoreCase));
        return int.TryParse(field?.Value?.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
    }
}
