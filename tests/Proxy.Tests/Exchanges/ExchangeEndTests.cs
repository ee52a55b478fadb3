using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Routing;
using BlueGreen.Proxy.Tests.Grpc;
using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Proxy.Tests.Exchanges;

/// <summary>What an access log is told of requests that end otherwise than with a whole answer.</summary>
public sealed class ExchangeEndTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    private const string Events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static readonly DrainDeadlines Deadlines = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_leaves_before_there_is_an_answer_gets_the_status_499()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(backend, Get);

        exchange.Client.Abort();

        var record = await log.NextAsync();
        Assert.Equal((499, 0L, ExchangeEnd.ClientGone, "web.1.1"), (record.Status, record.Bytes, record.End, record.Backend));
        Assert.Null(record.FirstByte);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_leaves_the_hold_never_had_a_worker()
    {
        var time = new FakeTimeProvider();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var log = RecordedExchanges.Of(front.Upstream);
        front.Upstream.BeginHold(HoldOptions.Default);
        using var client = await front.ConnectAsync();
        await client.WriteAsync(Get);
        await front.HoldsAsync(1);
        time.Advance(TimeSpan.FromSeconds(2));

        client.Abort();

        var record = await log.NextAsync();
        Assert.Equal((499, ExchangeEnd.ClientGone, null), (record.Status, record.End, record.Backend));
        Assert.Equal(TimeSpan.FromSeconds(2), record.Wait);
        Assert.Equal(TimeSpan.FromSeconds(2), record.Total);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("", 0)]
    [InlineData("6\r\nhello\n\r\n", 6)]
    public async Task A_client_that_leaves_a_stream_is_told_apart_from_a_worker_that_broke_it_off(string begun, int bytes)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        var log = RecordedExchanges.Of(front.Upstream);
        using var left = await BeginAsync();
        using var broken = await BeginAsync();

        left.Client.Abort();
        var one = await log.NextAsync();
        broken.Worker.Abort();
        var other = await log.NextAsync();

        Assert.Equal((200, (long)bytes, RequestKind.Stream, ExchangeEnd.ClientGone), (one.Status, one.Bytes, one.Kind, one.End));
        Assert.Equal((200, (long)bytes, RequestKind.Stream, ExchangeEnd.Error), (other.Status, other.Bytes, other.Kind, other.End));

        async Task<Exchange> BeginAsync()
        {
            var exchange = await front.SendAsync(backend, Get);
            await exchange.AnswerAsync(Events + begun);
            if (begun.Length > 0)
            {
                await exchange.Client.ReadThroughAsync("hello\n\r\n");
            }

            return exchange;
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public async Task An_answer_that_a_deadline_cuts_says_so(string answer)
    {
        var time = new FakeTimeProvider();
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var worker = front.SwitchTo(backend.Address);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(backend, Get);
        await exchange.AnswerAsync(answer);
        front.Upstream.Switch([]);
        var drain = worker.DrainAsync(Deadlines, RawConnection.TestEnds);

        time.Advance(Deadlines.Requests);

        var record = await log.NextAsync();
        Assert.Equal((200, ExchangeEnd.Cut), (record.Status, record.End));
        Assert.Equal(Deadlines.Requests, record.Total);
        await drain;
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_that_is_cut_and_may_not_be_sent_again_has_the_page_of_the_front()
    {
        var time = new FakeTimeProvider();
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var worker = front.SwitchTo(backend.Address);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(backend, Post);
        front.Upstream.Switch([]);
        var drain = worker.DrainAsync(Deadlines, RawConnection.TestEnds);

        time.Advance(Deadlines.Requests);

        var page = await exchange.Client.ReadMessageAsync();
        var record = await log.NextAsync();
        Assert.Equal((503, BodyOf(page).Length, ExchangeEnd.Cut), (record.Status, record.Bytes, record.End));
        Assert.Equal("web.1.1", record.Backend);
        await drain;
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_that_was_cut_and_answered_by_the_next_release_is_one_line_and_complete()
    {
        var time = new FakeTimeProvider();
        using var hung = RawBackend.OverTcp();
        using var next = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var old = front.SwitchTo(hung.Address);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(hung, Get);
        front.SwitchTo(next.Address);
        var drain = old.DrainAsync(Deadlines, RawConnection.TestEnds);

        time.Advance(Deadlines.Requests);

        using var again = await next.AcceptAsync();
        await again.ReadHeadAsync();
        await again.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
        await exchange.Client.ReadMessageAsync();
        var record = await log.NextAsync();
        Assert.Equal((200, 4L, ExchangeEnd.Complete), (record.Status, record.Bytes, record.End));
        Assert.Equal(("web.2.1", 1), (record.Backend, record.Resent));
        Assert.Equal((TimeSpan.Zero, Deadlines.Requests), (record.Wait, record.FirstByte));
        await drain;
        Assert.Equal(0, log.Left);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_answer_that_broke_before_it_was_begun_leaves_nothing_behind_for_the_next_one()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(backend, Get);
        await exchange.Worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        exchange.Worker.Abort();

        using var again = await backend.AcceptAsync();
        await again.ReadHeadAsync();
        await again.WriteAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n");

        Assert.EndsWith("4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n", await exchange.Client.ReadThroughAsync("X-Sum: 1\r\n\r\n"), StringComparison.Ordinal);
        var record = await log.NextAsync();
        Assert.Equal((200, 4L, ExchangeEnd.Complete, 1), (record.Status, record.Bytes, record.End, record.Resent));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_that_found_no_worker_in_time_says_how_long_it_waited()
    {
        var time = new FakeTimeProvider();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var log = RecordedExchanges.Of(front.Upstream);
        front.Upstream.BeginHold(HoldOptions.Default);
        using var client = await front.ConnectAsync();
        await client.WriteAsync(Get);
        await front.HoldsAsync(1);

        time.Advance(HoldOptions.Default.Wait);

        var page = await client.ReadMessageAsync();
        var record = await log.NextAsync();
        Assert.Equal((503, BodyOf(page).Length, ExchangeEnd.Error), (record.Status, record.Bytes, record.End));
        Assert.Equal(HoldOptions.Default.Wait, record.Wait);
        Assert.Null(record.Backend);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_dies_amid_a_request_is_a_502()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        var log = RecordedExchanges.Of(front.Upstream);
        using var exchange = await front.SendAsync(backend, Post);

        exchange.Worker.Abort();

        Assert.Equal("HTTP/1.1 502 Bad Gateway", (await exchange.Client.ReadMessageAsync()).StartLine());
        var record = await log.NextAsync();
        Assert.Equal((502, ExchangeEnd.Error, 0, "web.1.1"), (record.Status, record.End, record.Resent, record.Backend));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("get / HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task What_the_front_refuses_in_the_name_of_an_app_is_in_its_log(string request)
    {
        await using var front = await FrontUnderTest.StartAsync();
        var log = RecordedExchanges.Of(front.Upstream);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(request);

        var record = await log.NextAsync();
        Assert.Equal((501, ExchangeEnd.Error, null), (record.Status, record.End, record.Backend));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_belongs_to_no_app_is_in_no_log()
    {
        await using var front = await FrontUnderTest.StartAsync();
        var log = RecordedExchanges.Of(front.Upstream);
        front.Server.Routes = new RouteTable([new Route(front.Upstream, ["known.example"], "/")]);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(Get);
        Assert.Equal("HTTP/1.1 404 Not Found", (await client.ReadMessageAsync()).StartLine());
        await client.WriteAsync("GET /known HTTP/1.1\r\nHost: known.example\r\n\r\n");

        Assert.Equal("/known", (await log.NextAsync()).Target);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_call_whose_worker_resets_it_has_no_status()
    {
        await using var worker = await GrpcBackend.StartAsync();
        await using var front = await FrontUnderTest.StartAsync(worker.Address);
        var log = RecordedExchanges.Of(front.Upstream);
        using var client = new GrpcClient(front);
        using var call = client.Duplex();

        await call.RequestStream.WriteAsync(EchoService.Reset, RawConnection.TestEnds);

        var record = await log.NextAsync();
        Assert.Equal((null, RequestKind.Stream, ExchangeEnd.Error), (record.Status, record.Kind, record.End));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_call_is_a_stream_over_http2_and_ends_as_early_as_without_a_log()
    {
        await using var worker = await GrpcBackend.StartAsync();
        worker.Service.Answer = _ => Task.FromResult("early");
        await using var front = await FrontUnderTest.StartAsync(worker.Address);
        var log = RecordedExchanges.Of(front.Upstream);
        using var client = new GrpcClient(front);

        Assert.Equal("early", await client.Unary("hello"));

        var record = await log.NextAsync();
        Assert.Equal(("HTTP/2", 200, RequestKind.Stream, ExchangeEnd.Complete), (record.Protocol, record.Status, record.Kind, record.End));
        Assert.Equal(10, record.Bytes);
    }

    private static string BodyOf(string message) => message[(message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
}
