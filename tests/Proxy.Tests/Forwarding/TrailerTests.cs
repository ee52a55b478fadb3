using System.Net;

namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class TrailerTests
{
    [Fact(Timeout = 30_000)]
    public async Task Trailers_of_an_answer_reach_an_http11_client()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n");

        var head = await exchange.AnswerAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, X-More\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1;a=b\r\nX-More: \u00e9\r\n\r\n");

        Assert.Equal("chunked", head.Field("Transfer-Encoding"));
        Assert.Equal("X-Sum, X-More", head.Field("Trailer"));
        Assert.Equal("4\r\nbody\r\n0\r\nX-Sum: 1;a=b\r\nX-More: \u00e9\r\n\r\n", await exchange.Client.ReadThroughAsync("\r\n\r\n"));
        await exchange.GoOnAsync();
    }

    [Theory(Timeout = 30_000)]
    [InlineData("HEAD / HTTP/1.1", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")]
    [InlineData("GET / HTTP/1.1", "HTTP/1.1 204 No Content\r\nTrailer: X-Sum\r\n\r\n")]
    [InlineData("GET / HTTP/1.1", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")]
    public async Task An_answer_that_announces_trailers_but_has_no_body_ends_with_its_head(string request, string answer)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, request + "\r\nHost: a\r\n\r\n");

        Assert.Equal(answer.StartLine(), (await exchange.AnswerAsync(answer)).StartLine());

        await exchange.GoOnAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task Trailers_announced_but_not_sent_end_the_body_properly()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        await exchange.AnswerAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\n\r\n");

        Assert.Equal("4\r\nbody\r\n0\r\n\r\n", await exchange.Client.ReadThroughAsync("\r\n0\r\n\r\n"));
        await exchange.GoOnAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task An_http10_client_gets_no_trailers()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.0\r\n\r\n");

        await exchange.AnswerAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n");

        Assert.Equal("body", await exchange.Client.ReadToEndAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Trailers_of_an_answer_reach_an_http2_client()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = front.NewClient(HttpVersion.Version20);
        var answering = client.GetAsync("/", TestContext.Current.CancellationToken);
        using var worker = await backend.AcceptAsync();
        await worker.ReadHeadAsync();

        await worker.WriteAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n");

        using var answer = await answering;
        Assert.Equal("body", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("1", answer.TrailingHeaders.GetValues("X-Sum").Single());
    }

    /// <summary>The client library writes no trailers, and a proxy may drop them (RFC 9112, 7.1.2); the body must not suffer.</summary>
    [Fact(Timeout = 30_000)]
    public async Task A_request_with_trailers_arrives_whole_without_them()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(
            backend, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n");

        Assert.Equal("4\r\nbody\r\n0\r\n\r\n", await exchange.Worker.ReadThroughAsync("0\r\n\r\n"));

        await exchange.AnswerAsync("HTTP/1.1 204 No Content\r\n\r\n");
        await exchange.GoOnAsync();
    }
}
