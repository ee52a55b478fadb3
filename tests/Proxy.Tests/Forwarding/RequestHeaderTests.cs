using System.Net;

namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class RequestHeaderTests
{
    [Fact(Timeout = 30_000)]
    public async Task The_worker_sees_the_host_the_client_asked_for()
    {
        var seen = await ForwardAsync("Host: shop.example.com:8443\r\n");

        Assert.Equal("shop.example.com:8443", seen.Field("Host"));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_host_of_an_absolute_target_overrules_the_host_header()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);

        using var exchange = await front.SendAsync(backend, "GET http://a.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n");

        Assert.Equal("a.example", exchange.Seen.Field("Host"));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_worker_is_told_who_asked_how_and_for_what()
    {
        var seen = await ForwardAsync("Host: shop.example.com:8443\r\n");

        Assert.Equal("127.0.0.1", seen.Field("X-Forwarded-For"));
        Assert.Equal("http", seen.Field("X-Forwarded-Proto"));
        Assert.Equal("shop.example.com:8443", seen.Field("X-Forwarded-Host"));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_proxy_on_this_machine_says_is_kept_and_added_to()
    {
        var seen = await ForwardAsync(
            "Host: inner\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: 203.0.113.8\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-Host: shop.example.com\r\nForwarded: for=203.0.113.7;proto=https\r\n");

        Assert.Equal("203.0.113.7, 203.0.113.8, 127.0.0.1", seen.Field("X-Forwarded-For"));
        Assert.Equal("https", seen.Field("X-Forwarded-Proto"));
        Assert.Equal("shop.example.com", seen.Field("X-Forwarded-Host"));
        Assert.Equal("for=203.0.113.7;proto=https", seen.Field("Forwarded"));
    }

    /// <summary>Beside "close" or "keep-alive" Kestrel shows no other option, so those cannot be honoured.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Headers_of_the_connection_alone_stay_behind()
    {
        var seen = await ForwardAsync(
            "Host: a\r\nConnection: X-Hop , x-other-hop,Host,,X-Absent\r\nX-Hop: 1\r\nX-Other-Hop: 2\r\n"
            + "Keep-Alive: timeout=5\r\nTE: gzip\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic eA==\r\n"
            + "HTTP2-Settings: AAMAAABk\r\nX-End-To-End: 3\r\n");

        string[] hops =
            ["Connection", "X-Hop", "X-Other-Hop", "Keep-Alive", "TE", "Proxy-Connection", "Proxy-Authorization", "HTTP2-Settings", "Upgrade"];
        Assert.All(hops, name => Assert.Empty(seen.Fields(name)));
        Assert.Equal("3", seen.Field("X-End-To-End"));
        Assert.Equal("a", seen.Field("Host"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_cannot_take_away_what_the_front_says()
    {
        var seen = await ForwardAsync("Host: a\r\nConnection: X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host\r\n");

        Assert.Equal("127.0.0.1", seen.Field("X-Forwarded-For"));
        Assert.Equal("http", seen.Field("X-Forwarded-Proto"));
        Assert.Equal("a", seen.Field("X-Forwarded-Host"));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: H2C\r\n")]
    public async Task An_upgrade_to_http2_is_not_passed_on(string upgrade)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);

        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n" + upgrade + "\r\n");

        Assert.Empty(exchange.Seen.Fields("Upgrade"));
        Assert.Empty(exchange.Seen.Fields("Connection"));
        Assert.Empty(exchange.Seen.Fields("HTTP2-Settings"));
        var answer = await exchange.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal("HTTP/1.1 200 OK", answer.StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task Bytes_that_are_not_ascii_pass_as_they_are()
    {
        var seen = await ForwardAsync("Host: a\r\nX-Name: Ren\u00e9 \u00ff\u0080\r\n");

        Assert.Equal("Ren\u00e9 \u00ff\u0080", seen.Field("X-Name"));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("Content-Type", "text/html;charset=utf-8; Odd = \"x\"")]
    [InlineData("Accept", "text/html;q=0.5,*/*")]
    [InlineData("Accept-Encoding", "gzip,br;q=1.0")]
    [InlineData("If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("If-None-Match", "not-quoted")]
    [InlineData("User-Agent", "curl / (un)usual ((")]
    [InlineData("Cookie", "a=1; b=\"2\";c")]
    [InlineData("Authorization", "Basic dXNlcjpwYXNz==, extra")]
    [InlineData("Range", "bytes=0-,5-6")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Date", "yesterday")]
    [InlineData("Upgrade-Insecure-Requests", "1")]
    [InlineData("X-Empty", "")]
    public async Task Values_pass_as_the_client_wrote_them(string name, string value)
    {
        var seen = await ForwardAsync($"Host: a\r\n{name}: {value}\r\n");

        Assert.Equal(value, seen.Field(name));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_front_adds_nothing_but_where_the_request_came_from()
    {
        var seen = await ForwardAsync("Host: a\r\n");

        var names = seen.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]);
        Assert.Equal(["Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"], names.Order());
    }

    [Fact(Timeout = 30_000)]
    public async Task Cookies_split_over_http2_fields_arrive_as_one()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = front.NewClient(HttpVersion.Version20);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("Cookie", ["a=1", "b=2"]);

        var answer = client.SendAsync(request, TestContext.Current.CancellationToken);
        using var worker = await backend.AcceptAsync();

        Assert.Equal("a=1; b=2", (await worker.ReadHeadAsync()).Field("Cookie"));
        await worker.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n");
        (await answer).Dispose();
    }

    private static async Task<string> ForwardAsync(string headers)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\n" + headers + "\r\n");
        return exchange.Seen;
    }
}
