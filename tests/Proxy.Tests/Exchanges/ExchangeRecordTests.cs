using System.Globalization;
using System.Net;
using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Forwarding;
using BlueGreen.Proxy.Peers;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Proxy.Tests.Exchanges;

/// <summary>What an access log is told of requests that are answered.</summary>
public sealed class ExchangeRecordTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact(Timeout = 30_000)]
    public async Task It_says_who_asked_what_and_who_answered_what()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 10, 10, 13, 55, 36, TimeSpan.Zero));
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend, time);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(
            backend,
            "PUT /a%20b/../c?q=\"x HTTP/1.1\r\nHost: Shop.example:81\r\nReferer: http://r/\r\nUser-Agent: one\r\nUser-Agent: two\u00e9\r\nContent-Length: 0\r\n\r\n");

        await exchange.AnswerAsync("HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello");

        var record = await log.NextAsync();
        Assert.Equal(time.GetUtcNow(), record.Arrived);
        Assert.Equal(IPAddress.Loopback, record.Client);
        Assert.Equal("PUT", record.Method);
        Assert.Equal("/a%20b/../c?q=\"x", record.Target);
        Assert.Equal("HTTP/1.1", record.Protocol);
        Assert.Equal("Shop.example:81", record.Host);
        Assert.Equal("http://r/", record.Referer);
        Assert.Equal("one,two\u00e9", record.UserAgent);
        Assert.Equal(201, record.Status);
        Assert.Equal(5, record.Bytes);
        Assert.Equal("web.1.1", record.Backend);
        Assert.Equal(RequestKind.Request, record.Kind);
        Assert.Equal(0, record.Resent);
        Assert.Equal(ExchangeEnd.Complete, record.End);
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_part_of_the_time_is_told_by_itself()
    {
        var time = new FakeTimeProvider();
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        front.Upstream.BeginHold(HoldOptions.Default);
        var log = RecordedExchanges.Of(front.Upstream);
        using var client = await front.ConnectAsync();
        await client.WriteAsync(Get);
        await front.HoldsAsync(1);

        time.Advance(TimeSpan.FromSeconds(3));
        front.SwitchTo(backend.Address);
        using var worker = await backend.AcceptAsync();
        await worker.ReadHeadAsync();
        time.Advance(TimeSpan.FromMilliseconds(20));
        await worker.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.ReadHeadAsync();
        time.Advance(TimeSpan.FromMilliseconds(100));
        await worker.WriteAsync("4\r\nbody\r\n0\r\n\r\n");

        var record = await log.NextAsync();
        Assert.Equal(TimeSpan.FromSeconds(3), record.Wait);
        Assert.Equal(TimeSpan.Zero, record.Connect);
        Assert.Equal(TimeSpan.FromMilliseconds(3_020), record.FirstByte);
        Assert.Equal(TimeSpan.FromMilliseconds(3_120), record.Total);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_over_a_connection_that_was_there_was_not_connected_for()
    {
        await using var backend = await WebBackend.SayingAsync("hello");
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        var log = RecordedExchanges.Of(front.Upstream);
        using var client = front.NewClient();

        await client.GetStringAsync("/", RawConnection.TestEnds);
        await client.GetStringAsync("/", RawConnection.TestEnds);

        var first = await log.NextAsync();
        Assert.InRange(first.Connect!.Value, TimeSpan.FromTicks(1), first.FirstByte!.Value);
        Assert.InRange(first.FirstByte!.Value, first.Wait, first.Total);
        Assert.Null((await log.NextAsync()).Connect);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connection_that_comes_too_late_for_its_request_is_not_its_own()
    {
        using var message = new HttpRequestMessage();
        using var backend = new Backend("web.1.1", BackendAddress.ForUnix("/nowhere"), TimeProvider.System);
        var upstream = new Upstream("web", TimeProvider.System);
        upstream.Switch([backend]);
        RecordedExchanges.Of(upstream);
        using var lease = (await upstream.AcquireAsync(RawConnection.TestEnds)).Lease!;
        var exchange = upstream.BeginWatch()!.Begin(lease, TrustedProxies.ThisMachine);
        await exchange.TransformRequestAsync(NewContext(), message, "http://worker", RawConnection.TestEnds);

        var dial = WatchedExchange.BeginDial(message);
        SendOnce.OnHeader("X-Forwarded-For", message);
        dial!.EndDial(message);

        Assert.Same(exchange, dial);
        Assert.Null(exchange.Connect);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789", 10)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n3\r\nend\r\n0\r\n\r\n", 7)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n3\r\nend\r\n0\r\nX-Sum: 1\r\n\r\n", 7)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0)]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n", 0)]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", 0)]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", 0)]
    public async Task Bytes_are_those_of_the_body_alone(string method, string answer, int bytes)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(backend, $"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");

        await exchange.AnswerAsync(answer);

        var record = await log.NextAsync();
        Assert.Equal(bytes, record.Bytes);
        Assert.Equal(int.Parse(answer.StartLine().Split(' ')[1], CultureInfo.InvariantCulture), record.Status);
        Assert.Equal(ExchangeEnd.Complete, record.End);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("1.1", "HTTP/1.1")]
    [InlineData("2.0", "HTTP/2")]
    public async Task A_large_answer_is_counted_whole_over_both_protocols(string version, string protocol)
    {
        await using var backend = await WebBackend.StartAsync(context => context.Response.Body.WriteAsync(new byte[3_000_000]).AsTask());
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        var log = RecordedExchanges.Of(front.Upstream);
        using var client = front.NewClient(Version.Parse(version));

        Assert.Equal(3_000_000, (await client.GetByteArrayAsync("/x", RawConnection.TestEnds)).Length);

        var record = await log.NextAsync();
        Assert.Equal((protocol, 200, 3_000_000L, "/x"), (record.Protocol, record.Status, record.Bytes, record.Target));
        Assert.Equal(front.Authority, record.Host);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_answer_that_does_not_wait_for_the_body_of_its_request_is_complete()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(backend, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");

        await exchange.Worker.WriteAsync("HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno\n");
        exchange.Worker.Dispose();
        await exchange.Client.ReadMessageAsync();
        exchange.Client.Dispose();

        var record = await log.NextAsync();
        Assert.Equal((413, 3L, ExchangeEnd.Complete), (record.Status, record.Bytes, record.End));
    }

    [Fact]
    public void Without_a_log_nothing_is_watched()
    {
        var upstream = new Upstream("web", TimeProvider.System);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(upstream.BeginWatch());

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_log_that_is_switched_on_or_off_amid_a_request_hears_nothing_of_it_and_of_the_next_all()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var unseen = await front.SendAsync(backend, Get);
        var log = RecordedExchanges.Of(front.Upstream);
        await unseen.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await unseen.Client.WriteAsync("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        await unseen.Worker.ReadHeadAsync();

        await unseen.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal("/next", (await log.NextAsync()).Target);
        await unseen.Client.WriteAsync(Get);
        await unseen.Worker.ReadHeadAsync();
        front.Upstream.AccessLog = null;
        await unseen.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await unseen.GoOnAsync();
        Assert.Equal(0, log.Left);
    }

    private static DefaultHttpContext NewContext()
    {
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/";
        return context;
    }
}
