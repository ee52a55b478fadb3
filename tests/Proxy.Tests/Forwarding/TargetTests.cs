using System.Net;

namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class TargetTests
{
    [Theory(Timeout = 30_000)]
    [InlineData("/")]
    [InlineData("/a%2Fb/%41%c3%a9/%")]
    [InlineData("/a/./b/../c/.")]
    [InlineData("/../../etc/passwd")]
    [InlineData("//double//slashes//")]
    [InlineData("/path?")]
    [InlineData("/path??a=%20+&&b=[]{}|^")]
    [InlineData("/a:b@c;d=1,2'(3)*!$&=~")]
    [InlineData("/with\\backslash")]
    [InlineData("/<\">`")]
    [InlineData("/with#hash?and#more")]
    [InlineData("/@host:80/http://x/")]
    public async Task The_target_reaches_the_worker_byte_for_byte(string target)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);

        using var exchange = await front.SendAsync(backend, $"GET {target} HTTP/1.1\r\nHost: example.com\r\n\r\n");

        Assert.Equal($"GET {target} HTTP/1.1", exchange.Seen.StartLine());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("http://example.com/a%41/../b?q=%41", "/a%41/../b?q=%41")]
    [InlineData("http://example.com", "/")]
    [InlineData("http://example.com?q=1", "/?q=1")]
    [InlineData("http://example.com//x", "//x")]
    public async Task A_target_in_absolute_form_goes_on_in_origin_form(string target, string seen)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);

        using var exchange = await front.SendAsync(backend, $"GET {target} HTTP/1.1\r\nHost: example.com\r\n\r\n");

        Assert.Equal($"GET {seen} HTTP/1.1", exchange.Seen.StartLine());
        Assert.Equal("example.com", exchange.Seen.Field("Host"));
    }

    /// <summary>The client library has no way to say "*" (RFC 9112, 3.2.4); the app is asked about itself as a whole.</summary>
    [Fact(Timeout = 30_000)]
    public async Task An_options_request_for_the_whole_server_asks_for_the_root()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);

        using var exchange = await front.SendAsync(backend, "OPTIONS * HTTP/1.1\r\nHost: example.com\r\n\r\n");

        Assert.Equal("OPTIONS / HTTP/1.1", exchange.Seen.StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_target_of_an_http2_request_is_kept_too()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = front.NewClient(HttpVersion.Version20);
        var verbatim = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        Assert.True(Uri.TryCreate(front.Url.GetLeftPart(UriPartial.Authority) + "/a%2F%41/../b?", verbatim, out var url));

        var answer = client.GetStringAsync(url, TestContext.Current.CancellationToken);
        using var worker = await backend.AcceptAsync();

        Assert.Equal("GET /a%2F%41/../b? HTTP/1.1", (await worker.ReadHeadAsync()).StartLine());
        await worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.Equal("ok", await answer);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("PROPFIND")]
    [InlineData("PURGE")]
    [InlineData("m-search")]
    [InlineData("DELETE")]
    public async Task Any_method_goes_on(string method)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);

        using var exchange = await front.SendAsync(backend, $"{method} /x HTTP/1.1\r\nHost: example.com\r\n\r\n");

        Assert.Equal($"{method} /x HTTP/1.1", exchange.Seen.StartLine());
    }
}
