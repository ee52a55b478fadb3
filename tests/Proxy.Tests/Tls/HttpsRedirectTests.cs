namespace BlueGreen.Proxy.Tests.Tls;

/// <summary>Requests over http on a front that has certificates (Tls).</summary>
public sealed class HttpsRedirectTests
{
    [Theory(Timeout = 30_000)]
    [InlineData("GET /", "a.example", "https://a.example:PORT/")]
    [InlineData("POST /a%2Fb?c=%20&d", "a.example", "https://a.example:PORT/a%2Fb?c=%20&d")]
    [InlineData("GET //evil.example/x", "a.example", "https://a.example:PORT//evil.example/x")]
    [InlineData("GET /", "A.Example:8080", "https://A.Example:PORT/")]
    [InlineData("GET /", "a.example.", "https://a.example:PORT/")]
    [InlineData("GET /", "www.b.example", "https://www.b.example:PORT/")]
    [InlineData("GET /", "127.0.0.1:80", "https://127.0.0.1:PORT/")]
    [InlineData("GET http://a.example/x?y", "evil.example", "https://a.example:PORT/x?y")]
    [InlineData("GET http://a.example?y", "a.example", "https://a.example:PORT/?y")]
    [InlineData("GET /.well-known/acme-challengers", "a.example", "https://a.example:PORT/.well-known/acme-challengers")]
    public async Task A_host_with_a_certificate_is_sent_on_to_https(string request, string host, string location)
    {
        await using var front = await StartAsync();

        var head = await AskAsync(front, request, $"Host: {host}");

        Assert.Equal("HTTP/1.1 308 Permanent Redirect", head.StartLine());
        Assert.Equal(location.Replace("PORT", $"{front.Https.Port}", StringComparison.Ordinal), head.Field("Location"));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("GET /", "evil.example")]
    [InlineData("GET /", "b.example")]
    [InlineData("GET /", "x.www.b.example")]
    [InlineData("GET /", "evil!.b.example")]
    [InlineData("GET http://evil.example/", "a.example")]
    [InlineData("GET /.well-known/acme-challenge/token", "a.example")]
    [InlineData("OPTIONS *", "a.example")]
    [InlineData("GET /", "a.example\r\nX-Forwarded-Proto: https")]
    public async Task Everything_else_goes_to_the_app(string request, string host)
    {
        await using var front = await StartAsync();

        var head = await AskAsync(front, request, $"Host: {host}");

        // Nothing is deployed to it.
        Assert.Equal("HTTP/1.1 503 Service Unavailable", head.StartLine());
        Assert.Null(head.Field("Location"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_target_that_no_header_could_hold_is_refused()
    {
        await using var front = await StartAsync();

        var head = await AskAsync(front, "GET /a\u0001b", "Host: a.example");

        Assert.Equal("HTTP/1.1 400 Bad Request", head.StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task Without_being_asked_for_nothing_is_redirected()
    {
        await using var front = await StartAsync();
        front.Server.RedirectsToHttps = false;

        Assert.Equal("HTTP/1.1 503 Service Unavailable", (await AskAsync(front, "GET /", "Host: a.example")).StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task Requests_over_https_are_not_redirected()
    {
        await using var backend = await WebBackend.StartAsync(context =>
        {
            context.Response.ContentLength = 0;
            return Task.CompletedTask;
        });
        await using var front = new SecureFront();
        await front.StartAsync(backend.Address, front.Write("a", front.Authority.Issue(["a.example"])));
        front.Server.RedirectsToHttps = true;
        await using var client = await front.ConnectAsync("a.example");

        Assert.Equal("HTTP/1.1 200 OK", (await client.GetAsync("a.example")).StartLine());
    }

    private static async Task<SecureFront> StartAsync()
    {
        var front = new SecureFront();
        await front.StartAsync(null,
            front.Write("a", front.Authority.Issue(["a.example", "127.0.0.1"])), front.Write("b", front.Authority.Issue(["*.b.example"])));
        front.Server.RedirectsToHttps = true;
        return front;
    }

    private static async Task<string> AskAsync(SecureFront front, string request, string fields)
    {
        using var client = await RawConnection.OpenAsync(front.Http);
        await client.WriteAsync($"{request} HTTP/1.1\r\n{fields}\r\nContent-Length: 0\r\n\r\n");
        return await client.ReadHeadAsync();
    }
}
