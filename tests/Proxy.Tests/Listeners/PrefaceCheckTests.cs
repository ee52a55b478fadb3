using System.Net;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Listeners;

/// <summary>HTTP/1.1 and HTTP/2 by prior knowledge on one cleartext port.</summary>
public sealed class PrefaceCheckTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /// <summary>A SETTINGS frame without settings (RFC 9113, 6.5).</summary>
    private const string EmptySettings = "\0\0\0\u0004\0\0\0\0\0";

    [Theory(Timeout = 30_000)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Both_protocols_are_spoken_on_the_same_port(string version)
    {
        await using var backend = await WebBackend.StartAsync(context => context.Response.WriteAsync(
            $"{context.Request.Protocol} {context.Request.Host} {context.Request.Headers["X-Forwarded-For"]}"));
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = front.NewClient(Version.Parse(version));

        for (var i = 0; i < 3; i++)
        {
            using var answer = await client.GetAsync("/", TestContext.Current.CancellationToken);
            Assert.Equal(Version.Parse(version), answer.Version);
            Assert.Equal($"HTTP/1.1 {front.Authority} 127.0.0.1", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    public async Task A_preface_in_several_segments_is_recognized(int segment)
    {
        await using var front = await FrontUnderTest.StartAsync();
        using var client = await front.ConnectAsync();

        foreach (var piece in (Preface + EmptySettings).Chunk(segment))
        {
            await client.WriteAsync(new string(piece));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        var frame = await client.ReadAsync(9);
        Assert.Equal('\u0004', frame[3]);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_request_in_several_segments_is_recognized(int segment)
    {
        await using var backend = await WebBackend.StartAsync(context => context.Response.WriteAsync(context.Request.Method));
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        foreach (var piece in "PRINT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".Chunk(segment))
        {
            await client.WriteAsync(new string(piece));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Contains("PRINT", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PRI * HTTP/2.0\r\n")]
    public async Task A_connection_that_says_too_little_and_closes_is_closed(string said)
    {
        await using var front = await FrontUnderTest.StartAsync();
        using var client = await front.ConnectAsync();
        await client.WriteAsync(said);

        client.EndWriting();

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.DoesNotContain(front.Log, line => !line.StartsWith("Information", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_no_http_at_all_is_a_bad_request()
    {
        await using var front = await FrontUnderTest.StartAsync();
        using var client = await front.ConnectAsync();

        await client.WriteAsync("\u0016\u0003\u0001 this may be TLS\r\n\r\n");

        Assert.Equal("HTTP/1.1 400 Bad Request", (await client.ReadHeadAsync()).StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task Many_http2_requests_share_a_connection()
    {
        await using var backend = await WebBackend.StartAsync(context => context.Response.WriteAsync(context.Request.Path));
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = front.NewClient(HttpVersion.Version20);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(i => client.GetStringAsync($"/{i}", TestContext.Current.CancellationToken)));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"/{i}"), answers);
    }
}
