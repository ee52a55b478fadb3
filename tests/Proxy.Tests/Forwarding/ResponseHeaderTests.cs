namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class ResponseHeaderTests
{
    [Fact(Timeout = 30_000)]
    public async Task Repeated_headers_stay_apart_and_in_order()
    {
        var head = await AnswerAsync("Set-Cookie: a=1; Path=/, x\r\nX-Twice: 1\r\nSet-Cookie: b=2\r\nX-Twice: 2\r\n");

        Assert.Equal(["a=1; Path=/, x", "b=2"], head.Fields("Set-Cookie"));
        Assert.Equal(["1", "2"], head.Fields("X-Twice"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Headers_of_the_connection_alone_stay_behind()
    {
        var head = await AnswerAsync(
            "Connection: close, X-Hop ,x-other-hop,Content-Type,,X-Absent\r\nX-Hop: 1\r\nX-Other-Hop: 2\r\nKeep-Alive: timeout=5\r\n"
            + "Proxy-Connection: close\r\nProxy-Authenticate: Basic\r\nUpgrade: h2c\r\nContent-Type: text/plain\r\nX-End-To-End: 3\r\n");

        string[] hops = ["Connection", "X-Hop", "X-Other-Hop", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Upgrade"];
        Assert.All(hops, name => Assert.Empty(head.Fields(name)));
        Assert.Equal("3", head.Field("X-End-To-End"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Bytes_that_are_not_ascii_pass_as_they_are()
    {
        var head = await AnswerAsync("X-Name: Ren\u00e9 \u00ff\u0080\r\n");

        Assert.Equal("Ren\u00e9 \u00ff\u0080", head.Field("X-Name"));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("Content-Type", "text/html;charset=utf-8")]
    [InlineData("Content-Type", "text/EVENT-stream;x=1")]
    [InlineData("Content-Type", "nonsense")]
    [InlineData("Content-Disposition", "attachment;filename=\"x\"")]
    [InlineData("Last-Modified", "yesterday")]
    [InlineData("ETag", "unquoted")]
    [InlineData("Server", "nginx / ((")]
    [InlineData("Date", "Tue, 15 Nov 1994 08:12:31 GMT")]
    [InlineData("Location", "/relative path")]
    [InlineData("Cache-Control", "max-age=1,private=\"x\"")]
    [InlineData("Vary", "a,b")]
    [InlineData("WWW-Authenticate", "Negotiate")]
    [InlineData("X-Empty", "")]
    public async Task Values_pass_as_the_worker_wrote_them(string name, string value)
    {
        var head = await AnswerAsync($"{name}: {value}\r\n");

        Assert.Equal(value, head.Field(name));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_status_and_the_reason_are_the_workers()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        var head = await exchange.AnswerAsync("HTTP/1.1 418 I am a teapot\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal("HTTP/1.1 418 I am a teapot", head.StartLine());
    }

    private static async Task<string> AnswerAsync(string headers)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        return await exchange.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + headers + "\r\n");
    }
}
