using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class BodyTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory(Timeout = 30_000)]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n", "12345")]
    [InlineData("HEAD", "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\n", "7")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\n\r\n", null)]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", null)]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n", null)]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 12345\r\nETag: \"x\"\r\n\r\n", "12345")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", null)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "0")]
    public async Task An_answer_without_a_body_ends_with_its_head(string method, string answer, string? length)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, $"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");

        var head = await exchange.AnswerAsync(answer);

        Assert.Equal(answer.StartLine(), head.StartLine());
        Assert.Equal(length, head.Field("Content-Length"));
        await exchange.GoOnAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_body_with_a_length_keeps_it_both_ways()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(
            backend, "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");

        Assert.Equal("5", exchange.Seen.Field("Content-Length"));
        Assert.Equal("text/plain", exchange.Seen.Field("Content-Type"));
        Assert.Empty(exchange.Seen.Fields("Transfer-Encoding"));
        Assert.Equal("hello", await exchange.Worker.ReadAsync(5));

        await exchange.Worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbye");
        var answer = await exchange.Client.ReadMessageAsync();
        Assert.EndsWith("\r\n\r\nbye", answer, StringComparison.Ordinal);
        Assert.Empty(answer.Fields("Transfer-Encoding"));
        await exchange.GoOnAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_chunked_body_is_chunked_both_ways()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(
            backend, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");

        Assert.Equal("chunked", exchange.Seen.Field("Transfer-Encoding"));
        Assert.Empty(exchange.Seen.Fields("Content-Length"));
        Assert.Equal("hello world", HttpText.Unchunk(await exchange.Worker.ReadThroughAsync("0\r\n\r\n")));

        var head = await exchange.AnswerAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbye\r\n0\r\n\r\n");
        Assert.Equal("chunked", head.Field("Transfer-Encoding"));
        Assert.Equal("bye", HttpText.Unchunk(await exchange.Client.ReadThroughAsync("0\r\n\r\n")));
        await exchange.GoOnAsync();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_post_without_a_body_says_so()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);

        using var exchange = await front.SendAsync(backend, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal("0", exchange.Seen.Field("Content-Length"));
        Assert.Empty(exchange.Seen.Fields("Transfer-Encoding"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_body_that_ends_with_its_connection_arrives_whole()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Get);

        await exchange.Worker.WriteAsync("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        exchange.Worker.Dispose();

        await exchange.Client.ReadHeadAsync();
        Assert.Equal("until the end", HttpText.Unchunk(await exchange.Client.ReadThroughAsync("0\r\n\r\n")));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_http10_client_gets_the_body_of_a_chunked_answer_and_the_end_of_its_connection()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET /old HTTP/1.0\r\n\r\n");
        Assert.Equal("GET /old HTTP/1.1", exchange.Seen.StartLine());

        var head = await exchange.AnswerAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nold\r\n0\r\n\r\n");

        Assert.Empty(head.Fields("Transfer-Encoding"));
        Assert.Equal("old", await exchange.Client.ReadToEndAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var backend = await WebBackend.StartAsync(context => context.Response.WriteAsync(context.Request.Path));
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(string.Concat(Enumerable.Range(1, 5).Select(i => $"GET /{i} HTTP/1.1\r\nHost: a\r\n\r\n")));

        for (var i = 1; i <= 5; i++)
        {
            await client.ReadHeadAsync();
            Assert.Equal($"/{i}", HttpText.Unchunk(await client.ReadThroughAsync("0\r\n\r\n")));
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Bodies_of_any_size_pass_unchanged_both_ways(int httpVersion)
    {
        await using var backend = await WebBackend.StartAsync(context => context.Request.Body.CopyToAsync(context.Response.Body));
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = front.NewClient(httpVersion == 1 ? HttpVersion.Version11 : HttpVersion.Version20);
        var sent = RandomNumberGenerator.GetBytes(3 * 1024 * 1024 + 1);

        using var content = new ByteArrayContent(sent);
        using var answer = await client.PostAsync("/", content, TestContext.Current.CancellationToken);

        Assert.Equal(sent, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_body_beyond_the_limits_of_servers_streams_through(bool chunked)
    {
        const long Size = 40L * 1024 * 1024;
        await using var backend = await WebBackend.StartAsync(async context =>
        {
            var (buffer, total) = (new byte[64 * 1024], 0L);
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
            {
                total += read;
            }

            await context.Response.WriteAsync($"{total}");
        });
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = front.NewClient();

        using var content = new ByteArrayContent(new byte[Size]);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal($"{Size}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
