using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BlueGreen.Proxy.Tests;

/// <summary>What slow and hostile clients may cost. Kestrel looks at its clocks once a second, so each limit is met a little late.</summary>
public sealed class ClientLimitsTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    /// <summary>So much in so short a time that a client has no way to be fast enough by accident.</summary>
    private static readonly ClientLimits Hurry = new()
    {
        RequestRate = 1_000_000,
        ResponseRate = 100_000_000,
        Grace = TimeSpan.FromSeconds(1.1),
    };

    [Fact(Timeout = 30_000)]
    public async Task A_head_that_does_not_end_is_answered_408_and_cut()
    {
        await using var front = await FrontUnderTest.StartAsync(limits: new ClientLimits { Headers = TimeSpan.FromSeconds(1) });
        using var client = await front.ConnectAsync();

        await client.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");

        Assert.Equal("HTTP/1.1 408 Request Timeout", (await client.ReadToEndAsync()).StartLine());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("PRI * HTTP")]
    public async Task A_connection_that_does_not_say_what_it_wants_is_closed(string said)
    {
        await using var front = await FrontUnderTest.StartAsync(limits: new ClientLimits { Headers = TimeSpan.FromSeconds(0.2) });
        using var client = await front.ConnectAsync();

        await client.WriteAsync(said);

        Assert.Equal("", await client.ReadToEndAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connection_without_a_request_is_closed_after_a_while()
    {
        await using var backend = await WebBackend.SayingAsync("ok");
        await using var front = await FrontUnderTest.StartAsync(
            backend.Address, limits: new ClientLimits { KeepAlive = TimeSpan.FromSeconds(1) });
        using var client = await front.ConnectAsync();
        await client.WriteAsync(Get);
        await client.ReadThroughAsync("0\r\n\r\n");

        Assert.Equal("", await client.ReadToEndAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_body_that_hardly_comes_is_answered_408_and_leaves_its_worker()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend, limits: Hurry);
        using var exchange = await front.SendAsync(backend, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nfirst");
        await exchange.Worker.ReadThroughAsync("first");

        Assert.Equal("HTTP/1.1 408 Request Timeout", (await exchange.Client.ReadToEndAsync()).StartLine());
        Assert.Equal("", await exchange.Worker.ReadToEndAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_does_not_read_its_answer_is_cut_and_leaves_its_worker()
    {
        var left = new TaskCompletionSource();
        await using var backend = await WebBackend.StartAsync(async context =>
        {
            context.RequestAborted.UnsafeRegister(_ => left.TrySetResult(), null);
            var piece = new byte[100_000];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(piece);
            }
        });
        await using var front = await FrontUnderTest.StartAsync(backend.Address, limits: Hurry);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(Get);

        await left.Task;
    }

    [Theory(Timeout = 30_000)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_call_of_grpc_may_pause_as_long_as_it_likes(string version)
    {
        await using var backend = await WebBackend.StartAsync(
            context => context.Request.Body.CopyToAsync(context.Response.Body),
            version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        await using var front = await FrontUnderTest.StartAsync(backend.Address, limits: Hurry);
        using var client = front.NewClient(Version.Parse(version));
        var body = new Pipe();
        using var content = new StreamContent(body.Reader.AsStream());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc+proto");
        var answering = client.PostAsync("/", content, TestContext.Current.CancellationToken);
        await body.Writer.WriteAsync(Encoding.ASCII.GetBytes("one "), TestContext.Current.CancellationToken);

        await AnUploadOfAnotherKindIsCutAsync(front);

        await body.Writer.WriteAsync(Encoding.ASCII.GetBytes("two"), TestContext.Current.CancellationToken);
        await body.Writer.CompleteAsync();
        using var answer = await answering;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("one two", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_upgraded_connection_and_an_event_stream_may_pause_as_long_as_they_like()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend, limits: Hurry);
        using var upgraded = await front.SendAsync(
            backend, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        await upgraded.AnswerAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        using var events = await front.SendAsync(backend, Get);
        await events.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");

        await AnUploadOfAnotherKindIsCutAsync(front);

        await upgraded.Client.WriteAsync("still here\n");
        Assert.Equal("still here\n", await upgraded.Worker.ReadThroughAsync("\n"));
        await events.Worker.WriteAsync(HttpText.Chunk("data: here too\n\n"));
        await events.Client.ReadThroughAsync("data: here too\n\n");
    }

    [Fact(Timeout = 30_000)]
    public async Task One_connection_too_many_is_closed_and_the_others_go_on()
    {
        await using var backend = await WebBackend.SayingAsync("ok");
        await using var front = await FrontUnderTest.StartAsync(backend.Address, limits: new ClientLimits { Connections = 2 });
        using var first = await front.ConnectAsync();
        using var second = await front.ConnectAsync();
        await AskAsync(first);
        await AskAsync(second);

        Assert.Equal("", await AllOfAnotherAsync());
        Assert.Equal("", await AllOfAnotherAsync());

        await AskAsync(first);
        await AskAsync(second);
        Assert.Single(front.Log, line => line.Contains("All 2 connections", StringComparison.Ordinal));
        first.Dispose();
        while (!await IsServedAsync())
        {
            await Task.Yield();
        }

        async Task<bool> IsServedAsync() =>
            (await AllOfAnotherAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).StartsWith("HTTP/1.1 200 OK", StringComparison.Ordinal);

        // The front may have closed it before the client has seen that it is there, or has written to it.
        async Task<string> AllOfAnotherAsync(string request = "")
        {
            try
            {
                using var another = await front.ConnectAsync();
                await another.WriteAsync(request);
                return await another.ReadToEndAsync();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                return "";
            }
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_goes_away_cancels_its_request_at_the_worker(bool reset)
    {
        var begun = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        await using var backend = await WebBackend.StartAsync(context =>
        {
            context.RequestAborted.UnsafeRegister(_ => left.TrySetResult(), null);
            begun.TrySetResult();
            return left.Task;
        });
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();
        await client.WriteAsync(Get);
        await begun.Task;

        if (reset)
        {
            client.Abort();
        }
        else
        {
            client.Dispose();
        }

        await left.Task;
    }

    private static async Task AskAsync(RawConnection client)
    {
        await client.WriteAsync(Get);
        Assert.Equal("HTTP/1.1 200 OK", (await client.ReadThroughAsync("0\r\n\r\n")).StartLine());
    }

    /// <summary>Proves that the grace is over: nothing else than time can, and this takes no longer than it must.</summary>
    private static async Task AnUploadOfAnotherKindIsCutAsync(FrontUnderTest front)
    {
        using var client = await front.ConnectAsync();
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        Assert.Equal("HTTP/1.1 408 Request Timeout", (await client.ReadToEndAsync()).StartLine());
    }
}
