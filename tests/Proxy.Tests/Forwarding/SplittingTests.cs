namespace BlueGreen.Proxy.Tests.Forwarding;

/// <summary>
/// An answer of a worker that two readers could read differently is a bad gateway, or breaks off: what follows it on the worker's
/// connection never reaches a client, and least of all the next one.
/// </summary>
public sealed class SplittingTests
{
    private const string Injected = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\ninjected";

    [Theory(Timeout = 30_000)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloworld\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5\r\nhello\r\n0\r\nX : a\rb\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX Y: b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n: b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/3.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("ICY 200 OK\r\nContent-Length: 0\r\n\r\n")]
    public async Task An_answer_that_could_be_read_in_two_ways_is_a_bad_gateway_or_breaks_off(string answer)
    {
        var (arrived, whole) = await FateOfAsync(answer);

        Assert.True(arrived.StartsWith("HTTP/1.1 502 ", StringComparison.Ordinal) || !whole, arrived);
    }

    /// <summary>What stands behind an answer on its connection is dropped with the connection.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: a\0b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: a\rY: b\r\n\r\n")]
    public async Task What_follows_an_answer_is_not_taken_for_the_next(string answer)
    {
        var (arrived, whole) = await FateOfAsync(answer);

        Assert.True(whole, arrived);
        Assert.Equal(answer.StartLine(), arrived.StartLine());
        Assert.False(arrived.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n', '\0'));
    }

    /// <summary>The worker's answer with another behind it, as the client gets it; and that the next request does not get the other.</summary>
    private static async Task<(string Arrived, bool Whole)> FateOfAsync(string answer)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        await exchange.Worker.WriteAsync(answer + Injected);
        exchange.Worker.EndWriting();
        var arrived = await exchange.Client.ReadToEndAsync();
        Assert.DoesNotContain("injected", arrived, StringComparison.Ordinal);

        using var next = await front.ConnectAsync();
        await next.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        using var worker = await backend.AcceptAsync();
        await worker.ReadHeadAsync();
        await worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
        Assert.EndsWith("\r\n\r\ngood", await next.ReadToEndAsync(), StringComparison.Ordinal);

        var head = arrived.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var whole = arrived.Field("Transfer-Encoding") is null
            ? arrived.Field("Content-Length") is not { } length || arrived.StartsWith("HTTP/1.1 304", StringComparison.Ordinal)
                || length == $"{arrived.Length - head - 4}"
            : arrived.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
        return (arrived, whole);
    }
}
