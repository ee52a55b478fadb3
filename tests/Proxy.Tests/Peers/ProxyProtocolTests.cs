using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using BlueGreen.Proxy.Peers;
using BlueGreen.Proxy.Tests.Tls;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Peers;

/// <summary>A front that expects the PROXY protocol of trusted proxies, which the tests' own connections come from, unless it trusts nobody.</summary>
public sealed class ProxyProtocolTests
{
    private const string Listen = "http://127.0.0.1:0?proxyProtocol=required";
    private const string Line = "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n";
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Headers => [Line, ProxyHeaderText.Client, ProxyHeaderText.Of(0x21, 0x11, ProxyHeaderText.Inet + ProxyHeaderText.Tlv(9000))];

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Headers), DisableDiscoveryEnumeration = true)]
    public async Task The_worker_is_told_the_client_of_the_header_with_requests_behind_it_at_once(string header)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address, listen: Listen);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(header + Get + "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await client.ReadToEndAsync();

        Assert.Equal(["GET /", "GET /next"], backend.Seen);
        Assert.All(backend.Requests, request => Assert.Equal("203.0.113.7", request.Head.Field("X-Forwarded-For")));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(Line)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0010" + ProxyHeaderText.Inet + "\u0004\0\u0001x")]
    public async Task A_header_may_come_byte_by_byte(string header)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address, listen: Listen);
        using var client = await front.ConnectAsync();

        foreach (var one in header + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        {
            await client.WriteAsync(one.ToString());
            await Task.Delay(1, Token);
        }

        await client.ReadToEndAsync();
        Assert.Equal("203.0.113.7", backend.Requests.Single().Head.Field("X-Forwarded-For"));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0")]
    public async Task A_connection_of_the_proxys_own_is_from_the_proxy_and_believed(string header)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address, listen: Listen);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(header + "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.9\r\nConnection: close\r\n\r\n");
        await client.ReadToEndAsync();

        Assert.Equal("198.51.100.9, 127.0.0.1", backend.Requests.Single().Head.Field("X-Forwarded-For"));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_the_client_behind_the_proxy_claims_is_replaced()
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address, listen: Listen);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(Line + "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n");
        await client.ReadToEndAsync();

        var head = backend.Requests.Single().Head;
        Assert.Equal("203.0.113.7", head.Field("X-Forwarded-For"));
        Assert.Equal("http", head.Field("X-Forwarded-Proto"));
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Headers), DisableDiscoveryEnumeration = true)]
    public async Task A_header_may_come_before_http2(string header)
    {
        await using var backend = await WebBackend.StartAsync(context => context.Response.WriteAsync($"{context.Request.Headers["X-Forwarded-For"]}"));
        await using var front = await FrontUnderTest.StartAsync(backend.Address, listen: Listen);
        using var client = new HttpClient(Handler(front.EndPoint, header)) { BaseAddress = front.Url };

        Assert.Equal("2.0 203.0.113.7", await AskAsync(client, HttpVersion.Version20));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_header_may_come_before_tls(string version)
    {
        await using var backend = await WebBackend.StartAsync(context => context.Response.WriteAsync($"{context.Request.Headers["X-Forwarded-For"]}"));
        await using var front = new SecureFront("?proxyProtocol=required");
        await front.StartAsync(backend.Address, front.Write("site", front.Authority.Issue(["site.example"])));
        using var client = new HttpClient(Handler(front.Https, ProxyHeaderText.Client)) { BaseAddress = new Uri($"https://site.example:{front.Https.Port}") };

        Assert.Equal($"{version} 203.0.113.7", await AskAsync(client, Version.Parse(version)));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(Get)]
    [InlineData("PROXY TCP4 203.0.113.7\r\n" + Get)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0011\u0011\0\u000c" + ProxyHeaderText.Inet + Get)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task A_proxy_that_sends_no_header_is_cut_and_told_of_once(string said)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address, listen: Listen);

        for (var i = 0; i < 3; i++)
        {
            using var client = await front.ConnectAsync();
            await client.WriteAsync(said);
            Assert.Equal("", await client.ReadToEndAsync());
        }

        Assert.Empty(backend.Seen);
        var line = Assert.Single(front.Log, line => line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Contains("Closed a connection of 127.0.0.1, a trusted proxy, for want of a PROXY header: it", line, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("PROXY TCP4 203.0.113.7 ")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0010" + ProxyHeaderText.Inet)]
    public async Task A_header_that_is_cut_off_or_late_is_none(string part)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(
            backend.Address, limits: new ClientLimits { Headers = TimeSpan.FromSeconds(0.2) }, listen: Listen);
        using var late = await front.ConnectAsync();
        await late.WriteAsync(part);
        Assert.Equal("", await late.ReadToEndAsync());
        Assert.Contains(front.Log, line => line.Contains("it has not come within 0.2 s", StringComparison.Ordinal));

        using var cut = await front.ConnectAsync();
        await cut.WriteAsync(part);
        cut.EndWriting();
        Assert.Equal("", await cut.ReadToEndAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connection_that_says_nothing_at_all_is_not_worth_a_line_and_holds_up_no_stop()
    {
        await using var front = await FrontUnderTest.StartAsync(listen: Listen);
        using var check = await front.ConnectAsync();
        check.EndWriting();
        Assert.Equal("", await check.ReadToEndAsync());
        using var silent = await front.ConnectAsync();

        await front.Server.StopAsync(Token);

        Assert.Equal("", await silent.ReadToEndAsync());
        Assert.DoesNotContain(front.Log, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task Who_is_not_trusted_is_served_without_a_header_and_refused_with_one()
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address, listen: Listen);
        front.Server.TrustedProxies = new TrustedProxies([]);
        using var plain = await front.ConnectAsync();
        using var line = await front.ConnectAsync();
        using var bytes = await front.ConnectAsync();

        await plain.WriteAsync("GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await line.WriteAsync(Line + Get);
        await bytes.WriteAsync(ProxyHeaderText.Client + Get);

        Assert.Equal("HTTP/1.1 200 OK", (await plain.ReadToEndAsync()).StartLine());
        Assert.Equal("HTTP/1.1 400 Bad Request", (await line.ReadToEndAsync()).StartLine());
        Assert.Equal("HTTP/1.1 400 Bad Request", (await bytes.ReadToEndAsync()).StartLine());
        Assert.Equal(["GET /plain"], backend.Seen);
        Assert.Equal("127.0.0.1", backend.Requests.Single().Head.Field("X-Forwarded-For"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Where_the_address_does_not_ask_for_it_a_header_is_a_bad_request()
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(Line + Get);

        Assert.Equal("HTTP/1.1 400 Bad Request", (await client.ReadToEndAsync()).StartLine());
        Assert.Empty(backend.Seen);
    }

    private static SocketsHttpHandler Handler(IPEndPoint front, string header) => new()
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(front, cancel);
            var stream = new NetworkStream(socket, ownsSocket: true);
            await stream.WriteAsync(ProxyHeaderText.BytesOf(header), cancel);
            return stream;
        },
    };

    private static async Task<string> AskAsync(HttpClient client, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.SendAsync(request, Token);
        return $"{answer.Version} {await answer.Content.ReadAsStringAsync(Token)}";
    }
}
