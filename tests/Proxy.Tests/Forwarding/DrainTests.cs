using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class DrainTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static readonly DrainDeadlines Deadlines = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));

    [Fact(Timeout = 30_000)]
    public async Task A_kept_alive_connection_stays_open_across_a_switch_and_hears_the_new_release()
    {
        await using var blue = await WebBackend.SayingAsync("blue");
        await using var green = await WebBackend.SayingAsync("green");
        await using var front = await FrontUnderTest.StartAsync(blue.Address);
        using var client = await front.ConnectAsync();
        Assert.Equal("blue", await AskAsync(client));

        front.SwitchTo(green.Address);
        Assert.Equal("green", await AskAsync(client));
        front.SwitchTo(blue.Address);
        Assert.Equal("blue", await AskAsync(client));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_in_flight_ends_on_the_old_worker_while_new_ones_get_the_new_one()
    {
        using var blue = RawBackend.OverTcp();
        await using var green = await WebBackend.SayingAsync("green");
        await using var front = await FrontUnderTest.StartAsync();
        var old = front.SwitchTo(blue.Address);
        using var exchange = await front.SendAsync(blue, Get);

        front.SwitchTo(green.Address);
        using var client = await front.ConnectAsync();
        Assert.Equal("green", await AskAsync(client));
        Assert.Equal(BackendState.Draining, old.State);
        await exchange.Worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nblue");

        Assert.EndsWith("\r\n\r\nblue", await exchange.Client.ReadMessageAsync(), StringComparison.Ordinal);
        Assert.Equal(1, (await old.DrainAsync(Deadlines, TestContext.Current.CancellationToken)).Drained);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_cut_before_its_answer_began_is_told_to_try_again()
    {
        var time = new FakeTimeProvider();
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var worker = front.SwitchTo(backend.Address);
        using var exchange = await front.SendAsync(backend, Get);
        front.Upstream.Switch([]);
        var drain = worker.DrainAsync(Deadlines, TestContext.Current.CancellationToken);

        time.Advance(Deadlines.Requests);

        var head = await exchange.Client.ReadHeadAsync();
        Assert.Equal("HTTP/1.1 503 Service Unavailable", head.StartLine());
        Assert.Equal("1", head.Field("Retry-After"));
        Assert.Equal((0, 1), ((await drain).Drained, (await drain).Cut));
        Assert.Equal("", await exchange.Worker.ReadToEndAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task A_safe_request_cut_before_its_answer_began_is_answered_by_what_serves_now(string request)
    {
        var time = new FakeTimeProvider();
        using var hung = RawBackend.OverTcp();
        using var next = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var old = front.SwitchTo(hung.Address);
        using var exchange = await front.SendAsync(hung, request);
        front.SwitchTo(next.Address);
        var drain = old.DrainAsync(Deadlines, TestContext.Current.CancellationToken);

        time.Advance(Deadlines.Requests);

        using var again = await next.AcceptAsync();
        await again.ReadHeadAsync();
        await again.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n");
        Assert.Equal("HTTP/1.1 204 No Content", (await exchange.Client.ReadHeadAsync()).StartLine());
        Assert.Equal(1, (await drain).Cut);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_unsafe_request_that_was_cut_is_never_sent_to_another()
    {
        var time = new FakeTimeProvider();
        using var hung = RawBackend.OverTcp();
        using var next = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var old = front.SwitchTo(hung.Address);
        using var exchange = await front.SendAsync(hung, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        front.SwitchTo(next.Address);
        var drain = old.DrainAsync(Deadlines, TestContext.Current.CancellationToken);

        time.Advance(Deadlines.Requests);

        Assert.Equal("HTTP/1.1 503 Service Unavailable", (await exchange.Client.ReadHeadAsync()).StartLine());
        Assert.Equal(1, (await drain).Cut);
        Assert.False(next.HasPending);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_upload_cut_half_way_is_told_to_try_again()
    {
        var time = new FakeTimeProvider();
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var worker = front.SwitchTo(backend.Address);
        using var exchange = await front.SendAsync(backend, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        await exchange.Worker.ReadThroughAsync("half\r\n");
        front.Upstream.Switch([]);
        var drain = worker.DrainAsync(Deadlines, TestContext.Current.CancellationToken);

        time.Advance(Deadlines.Requests);

        Assert.Equal("HTTP/1.1 503 Service Unavailable", (await exchange.Client.ReadHeadAsync()).StartLine());
        Assert.Equal(1, (await drain).Cut);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_cut_amid_its_answer_breaks_visibly()
    {
        var time = new FakeTimeProvider();
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var worker = front.SwitchTo(backend.Address);
        using var exchange = await front.SendAsync(backend, Get);
        await exchange.AnswerAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        front.Upstream.Switch([]);
        var drain = worker.DrainAsync(Deadlines, TestContext.Current.CancellationToken);

        time.Advance(Deadlines.Requests);

        Assert.DoesNotContain("0\r\n\r\n", await exchange.Client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal((0, 1), ((await drain).Drained, (await drain).Cut));
        Assert.Equal("", await exchange.Worker.ReadToEndAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")]
    public async Task Streams_and_upgraded_connections_are_cut_at_their_own_deadline(string answer)
    {
        var time = new FakeTimeProvider();
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        var worker = front.SwitchTo(backend.Address);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        await exchange.AnswerAsync(answer);
        front.Upstream.Switch([]);
        var drain = worker.DrainAsync(Deadlines, TestContext.Current.CancellationToken);

        time.Advance(Deadlines.Requests);
        await exchange.Worker.WriteAsync(HttpText.Chunk("alive"));
        Assert.Equal(HttpText.Chunk("alive"), await exchange.Client.ReadThroughAsync("alive\r\n"));
        time.Advance(Deadlines.Streams - Deadlines.Requests);

        Assert.DoesNotContain("0\r\n", await exchange.Client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal((0, 1), ((await drain).Drained, (await drain).Cut));
    }

    [Fact(Timeout = 30_000)]
    public async Task Held_requests_go_through_at_the_switch()
    {
        await using var backend = await WebBackend.SayingAsync("here");
        await using var front = await FrontUnderTest.StartAsync();
        front.Upstream.BeginHold(HoldOptions.Default);
        using var client = await front.ConnectAsync();
        var asked = AskAsync(client);
        while (front.Upstream.Held == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        front.SwitchTo(backend.Address);

        Assert.Equal("here", await asked);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_held_request_that_waited_long_enough_is_told_to_try_again()
    {
        var time = new FakeTimeProvider();
        await using var front = await FrontUnderTest.StartAsync(time: time);
        front.Upstream.BeginHold(new HoldOptions(Limit: 1, TimeSpan.FromSeconds(10)));
        using var client = await front.ConnectAsync();
        await client.WriteAsync(Get);
        while (front.Upstream.Held == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        using var other = await front.ConnectAsync();
        await other.WriteAsync(Get);
        Assert.Equal("HTTP/1.1 503 Service Unavailable", (await other.ReadHeadAsync()).StartLine());
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("HTTP/1.1 503 Service Unavailable", (await client.ReadHeadAsync()).StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_leaves_the_hold_makes_no_noise()
    {
        await using var front = await FrontUnderTest.StartAsync();
        front.Upstream.BeginHold(HoldOptions.Default);
        using (var client = await front.ConnectAsync())
        {
            await client.WriteAsync(Get);
            while (front.Upstream.Held == 0)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }

        while (front.Upstream.Held > 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await front.Server.StopAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(front.Log, line => !line.StartsWith("Information", StringComparison.Ordinal));
    }

    private static async Task<string> AskAsync(RawConnection client)
    {
        await client.WriteAsync(Get);
        await client.ReadHeadAsync();
        return HttpText.Unchunk(await client.ReadThroughAsync("0\r\n\r\n"));
    }
}
