using System.Net.WebSockets;

namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>/ws: says <c>hello RELEASE</c>, then sends back every message; closes with 1001 when the worker stops.</summary>
internal sealed class WebSocketEcho(Identity identity, IHostApplicationLifetime lifetime)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        // CloseOutputAsync may run beside a pending receive; the peer's reply then ends the loop below.
        using var stopping = lifetime.ApplicationStopping.Register(() => _ = SayGoodbyeAsync(socket));
        try
        {
            await socket.SendAsync(
                System.Text.Encoding.UTF8.GetBytes($"hello {identity.Release}"), WebSocketMessageType.Text, true, context.RequestAborted);
            await EchoAsync(socket, context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The peer left without a close: nothing is owed to it.
        }
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
            if (received.MessageType == WebSocketMessageType.Close)
                break;
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, cancel);
        }
        if (socket.State == WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel);
    }

    private static async Task SayGoodbyeAsync(WebSocket socket)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "stopping", CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was closing anyway.
        }
    }
}
