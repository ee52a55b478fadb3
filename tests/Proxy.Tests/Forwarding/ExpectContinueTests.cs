namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class ExpectContinueTests
{
    private const string Head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n";

    [Fact(Timeout = 30_000)]
    public async Task The_client_is_told_to_continue_when_the_worker_says_so()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Head);
        Assert.Equal("100-continue", exchange.Seen.Field("Expect"));

        Assert.Equal("HTTP/1.1 100 Continue", (await exchange.AnswerAsync("HTTP/1.1 100 Continue\r\n\r\n")).StartLine());
        var body = new string('x', 5000);
        await exchange.Client.WriteAsync(body);
        Assert.Equal(body, await exchange.Worker.ReadAsync(5000));

        Assert.Equal("HTTP/1.1 201 Created", (await exchange.AnswerAsync("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")).StartLine());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("HTTP/1.1 417 Expectation Failed")]
    [InlineData("HTTP/1.1 401 Unauthorized")]
    [InlineData("HTTP/1.1 413 Content Too Large")]
    public async Task A_worker_that_refuses_is_heard_before_the_body_is_sent(string status)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Head);

        var head = await exchange.AnswerAsync(status + "\r\nContent-Length: 2\r\n\r\nno");

        Assert.Equal(status, head.StartLine());
        Assert.Equal("no", await exchange.Client.ReadAsync(2));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_does_not_wait_for_permission_is_served_too()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Head + new string('x', 5000));

        await exchange.Worker.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
        await exchange.Worker.ReadAsync(5000);
        await exchange.Worker.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n");

        var head = await exchange.Client.ReadHeadAsync();
        if (head.StartsWith("HTTP/1.1 100", StringComparison.Ordinal))
        {
            head = await exchange.Client.ReadHeadAsync();
        }

        Assert.Equal("HTTP/1.1 204 No Content", head.StartLine());
    }

    /// <summary>The client library takes them for itself (103 of RFC 8297, say); the answer proper must not suffer.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")]
    [InlineData("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n")]
    public async Task Other_interim_answers_stay_behind(string interim)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        var head = await exchange.AnswerAsync(interim + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        Assert.Equal("HTTP/1.1 200 OK", head.StartLine());
        Assert.Equal("ok", await exchange.Client.ReadAsync(2));
        await exchange.GoOnAsync();
    }
}
