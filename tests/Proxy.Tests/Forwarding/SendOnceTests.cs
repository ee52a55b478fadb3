using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests.Forwarding;

/// <summary>A request that a worker may have executed is not sent again: counted at a worker that reads it and dies.</summary>
public sealed class SendOnceTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    public static readonly MatrixTheoryData<string, string, bool, bool> Unsafe = new(
        ["POST", "PUT", "PATCH", "DELETE", "PURGE"], ["", "Content-Length: 0\r\n"], [false, true], [false, true]);

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Unsafe))]
    public async Task An_unsafe_request_without_a_body_arrives_once(string method, string framing, bool onUsedConnection, bool reset)
    {
        using var backend = new MortalBackend(answers: onUsedConnection ? 1 : 0, reset);
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();
        if (onUsedConnection)
        {
            await client.WriteAsync(Get);
            await client.ReadHeadAsync();
        }

        await client.WriteAsync($"{method} / HTTP/1.1\r\nHost: a\r\n{framing}\r\n");

        Assert.Equal("HTTP/1.1 502 Bad Gateway", (await client.ReadHeadAsync()).StartLine());
        var seen = Assert.Single(backend.Heads, head => head.StartsWith(method, StringComparison.Ordinal));
        Assert.Equal(framing.Length > 0 || method != "DELETE" ? "0" : null, seen.Field("Content-Length"));
        Assert.Null(seen.Field("Transfer-Encoding"));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("POST", "Content-Length: 5\r\n\r\nhello")]
    [InlineData("POST", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("POST", "Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n")]
    [InlineData("GET", "Content-Length: 5\r\n\r\nhello")]
    [InlineData("GET", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    public async Task A_request_with_a_body_arrives_once_whatever_its_method(string method, string rest)
    {
        using var backend = new MortalBackend(answers: 0);
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync($"{method} / HTTP/1.1\r\nHost: a\r\n{rest}");

        Assert.Equal("HTTP/1.1 502 Bad Gateway", (await client.ReadHeadAsync()).StartLine());
        Assert.Single(backend.Heads);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("GET", false)]
    [InlineData("GET", true)]
    [InlineData("HEAD", false)]
    [InlineData("OPTIONS", false)]
    [InlineData("TRACE", true)]
    public async Task A_safe_request_is_sent_three_times_more_and_then_given_up(string method, bool reset)
    {
        using var backend = new MortalBackend(answers: 0, reset);
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal("HTTP/1.1 502 Bad Gateway", (await client.ReadHeadAsync()).StartLine());
        Assert.Equal(4, backend.Heads.Count);
        Assert.Equal(3, front.Upstream.Resent);
        Assert.Equal(default, front.Upstream.Split.Backends.Single().InFlight);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_that_has_broken_two_workers_is_not_given_to_a_third()
    {
        MortalBackend[] workers = [new(answers: 0), new(answers: 0), new(answers: 0)];
        await using var front = await FrontUnderTest.StartAsync();
        front.SwitchToAll([.. workers.Select(worker => worker.Address)]);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(Get);

        Assert.Equal("HTTP/1.1 502 Bad Gateway", (await client.ReadHeadAsync()).StartLine());
        Assert.Equal([0, 1, 1], workers.Select(worker => worker.Heads.Count).Order());
        Array.ForEach(workers, worker => worker.Dispose());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Dying: 1\r\nContent-Length: 5\r\n\r\n")]
    public async Task A_safe_request_of_whose_answer_the_client_saw_nothing_is_answered_as_if_nothing_had_been(string sent)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Get);
        await exchange.Worker.WriteAsync(sent);
        exchange.Worker.Abort();

        using var again = await backend.AcceptAsync();
        Assert.Equal("GET / HTTP/1.1", (await again.ReadHeadAsync()).StartLine());
        await again.WriteAsync("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok");

        var answer = await exchange.Client.ReadMessageAsync();
        Assert.Equal("HTTP/1.1 201 Created", answer.StartLine());
        Assert.Null(answer.Field("X-Dying"));
        Assert.EndsWith("\r\n\r\nok", answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_answer_that_is_no_http_is_not_asked_for_again()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Get);

        await exchange.Worker.WriteAsync("this is not HTTP\r\n\r\n");

        Assert.Equal("HTTP/1.1 502 Bad Gateway", (await exchange.Client.ReadHeadAsync()).StartLine());
        Assert.Equal(0, front.Upstream.Resent);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_web_socket_that_its_worker_did_not_open_is_opened_by_another()
    {
        using var dying = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(dying);
        using var exchange = await front.SendAsync(
            dying, "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        using var next = RawBackend.OverTcp();
        var worker = front.SwitchTo(next.Address);

        exchange.Worker.Abort();

        using var again = await next.AcceptAsync();
        Assert.Equal("websocket", (await again.ReadHeadAsync()).Field("Upgrade"));
        await again.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi");
        Assert.Equal("HTTP/1.1 101 Switching Protocols", (await exchange.Client.ReadHeadAsync()).StartLine());
        Assert.Equal("hi", await exchange.Client.ReadAsync(2));
        Assert.Equal(new InFlight(0, 0, 1), worker.InFlight);
    }
}
