using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class UpgradeTests
{
    private const string Upgrade =
        "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private const string Switched =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    [Fact(Timeout = 30_000)]
    public async Task An_upgraded_connection_is_bytes_both_ways_and_counted_as_such()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync();
        var worker = front.SwitchTo(backend.Address);
        using var exchange = await front.SendAsync(backend, Upgrade);
        Assert.Equal("Upgrade", exchange.Seen.Field("Connection"));
        Assert.Equal("websocket", exchange.Seen.Field("Upgrade"));
        Assert.Equal("dGhlIHNhbXBsZSBub25jZQ==", exchange.Seen.Field("Sec-WebSocket-Key"));

        var head = await exchange.AnswerAsync(Switched);

        Assert.Equal("HTTP/1.1 101 Switching Protocols", head.StartLine());
        Assert.Equal("Upgrade", head.Field("Connection"));
        Assert.Equal("websocket", head.Field("Upgrade"));
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head.Field("Sec-WebSocket-Accept"));
        Assert.Equal((0, 0, 1), (worker.InFlight.Requests, worker.InFlight.Streams, worker.InFlight.Upgraded));
        for (var i = 0; i < 3; i++)
        {
            await exchange.Client.WriteAsync($"\u0081to {i}\n");
            Assert.Equal($"\u0081to {i}\n", await exchange.Worker.ReadThroughAsync("\n"));
            await exchange.Worker.WriteAsync($"\u0082from {i}\n");
            Assert.Equal($"\u0082from {i}\n", await exchange.Client.ReadThroughAsync("\n"));
        }

        var drain = front.DrainAsync(worker);
        exchange.Worker.Dispose();
        Assert.Equal("", await exchange.Client.ReadToEndAsync());
        Assert.Equal((1, 0), ((await drain).Drained, (await drain).Cut));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Web_sockets_pass_their_messages_and_their_close(int httpVersion)
    {
        await using var backend = await WebBackend.StartAsync(EchoAsync);
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = httpVersion == 1 ? HttpVersion.Version11 : HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var cancel = TestContext.Current.CancellationToken;

        await socket.ConnectAsync(new UriBuilder(front.Url) { Scheme = "ws" }.Uri, invoker, cancel);
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, cancel);
        var buffer = new byte[100];
        var echo = await socket.ReceiveAsync(buffer, cancel);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, echo.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", cancel);
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    /// <summary>To the worker it is an ordinary upgrade of HTTP/1.1 (RFC 8441, 5): the method, the key and the status are translated.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_web_socket_over_http2_is_counted_as_an_upgrade_and_ends_with_either_side(bool clientEnds)
    {
        var ended = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        await using var backend = await WebBackend.StartAsync(async context =>
        {
            context.RequestAborted.UnsafeRegister(_ => ended.TrySetResult(), null);
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync(Encoding.ASCII.GetBytes(context.Request.Method), WebSocketMessageType.Text, true, context.RequestAborted);
            await Task.WhenAny(ended.Task, end.Task);
            context.Abort();
        });
        await using var front = await FrontUnderTest.StartAsync();
        var worker = front.SwitchTo(backend.Address);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var cancel = TestContext.Current.CancellationToken;
        await socket.ConnectAsync(new UriBuilder(front.Url) { Scheme = "ws" }.Uri, invoker, cancel);
        var buffer = new byte[100];
        Assert.Equal("GET", Encoding.ASCII.GetString(buffer, 0, (await socket.ReceiveAsync(buffer, cancel)).Count));
        Assert.Equal((0, 0, 1), (worker.InFlight.Requests, worker.InFlight.Streams, worker.InFlight.Upgraded));
        var drain = front.DrainAsync(worker);

        if (clientEnds)
        {
            socket.Abort();
            await ended.Task;
        }
        else
        {
            end.SetResult();
            await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(buffer, cancel));
        }

        Assert.Equal(1, (await drain).Drained);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_does_not_upgrade_answers_as_usual()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Upgrade);

        await exchange.Worker.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");

        var answer = await exchange.Client.ReadMessageAsync();
        Assert.Equal("HTTP/1.1 403 Forbidden", answer.StartLine());
        Assert.EndsWith("\r\n\r\nno", answer, StringComparison.Ordinal);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1000];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (message.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(message.CloseStatus!.Value, message.CloseStatusDescription, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        }
    }
}
