using System.Net.WebSockets;
using System.Text;
using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Proxy.Tests.Exchanges;

/// <summary>What an access log is told of upgraded connections: when they end, and not before.</summary>
public sealed class TunnelRecordTests
{
    private const string Upgrade = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private const string Switched = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    [Fact(Timeout = 30_000)]
    public async Task A_tunnel_is_told_of_when_it_ends_with_the_bytes_that_went_to_the_client()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(backend, Upgrade);
        await exchange.AnswerAsync(Switched);
        await exchange.Client.WriteAsync("not counted");
        await exchange.Worker.ReadThroughAsync("counted");
        await exchange.Worker.WriteAsync("counted");
        await exchange.Client.ReadThroughAsync("counted");
        Assert.Equal(0, log.Left);

        exchange.Worker.Dispose();

        var record = await log.NextAsync();
        Assert.Equal((101, 7L, RequestKind.Upgraded, ExchangeEnd.Complete), (record.Status, record.Bytes, record.Kind, record.End));
        Assert.InRange(record.FirstByte!.Value, TimeSpan.FromTicks(1), record.Total);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_tunnel_that_a_deadline_cuts_says_so()
    {
        var time = new FakeTimeProvider();
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var worker = front.SwitchTo(backend.Address);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(backend, Upgrade);
        await exchange.AnswerAsync(Switched);
        front.Upstream.Switch([]);
        var drain = worker.DrainAsync(new DrainDeadlines(TimeSpan.Zero, TimeSpan.FromSeconds(60)), RawConnection.TestEnds);

        time.Advance(TimeSpan.FromSeconds(60));

        var record = await log.NextAsync();
        Assert.Equal((101, RequestKind.Upgraded, ExchangeEnd.Cut), (record.Status, record.Kind, record.End));
        await drain;
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1, "GET", "HTTP/1.1", 101)]
    [InlineData(2, "CONNECT", "HTTP/2", 200)]
    public async Task Web_sockets_are_told_of_as_their_clients_have_them(int version, string method, string protocol, int status)
    {
        await using var backend = await WebBackend.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.ReceiveAsync(new byte[10], context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        var log = RecordedExchanges.Of(front.Upstream);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new Version(version, version == 1 ? 1 : 0);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new UriBuilder(front.Url) { Scheme = "ws", Path = "/chat" }.Uri, invoker, RawConnection.TestEnds);
        var buffer = new byte[10];
        var heard = await socket.ReceiveAsync(buffer, RawConnection.TestEnds);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, heard.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, RawConnection.TestEnds);

        var record = await log.NextAsync();
        Assert.Equal((method, "/chat", protocol), (record.Method, record.Target, record.Protocol));
        // Two bytes of head for each message, and two for the reason of the close.
        Assert.Equal((status, 11L, RequestKind.Upgraded), (record.Status, record.Bytes, record.Kind));
    }
}
