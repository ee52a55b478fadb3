using System.Net;

namespace BlueGreen.Proxy.Tests.Forwarding;

/// <summary>Nothing waits in the front: each piece is seen on the other side before the next one is sent.</summary>
public sealed class StreamingTests
{
    private const int Pieces = 5;

    [Fact(Timeout = 30_000)]
    public async Task Each_chunk_of_a_request_reaches_the_worker_before_the_next_is_sent()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");

        for (var i = 0; i < Pieces; i++)
        {
            await exchange.Client.WriteAsync(HttpText.Chunk($"piece {i}"));
            Assert.Equal(HttpText.Chunk($"piece {i}"), await exchange.Worker.ReadThroughAsync($"piece {i}\r\n"));
        }

        await exchange.Client.WriteAsync("0\r\n\r\n");
        Assert.Equal("0\r\n\r\n", await exchange.Worker.ReadThroughAsync("\r\n\r\n"));
        Assert.Equal("HTTP/1.1 204 No Content", (await exchange.AnswerAsync("HTTP/1.1 204 No Content\r\n\r\n")).StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_piece_of_a_long_request_of_known_length_reaches_the_worker_before_the_next_is_sent()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");

        for (var i = 0; i < Pieces; i++)
        {
            await exchange.Client.WriteAsync($"piece {i}\n");
            Assert.Equal($"piece {i}\n", await exchange.Worker.ReadThroughAsync("\n"));
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_chunk_of_an_answer_reaches_the_client_before_the_next_is_sent()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await exchange.AnswerAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

        for (var i = 0; i < Pieces; i++)
        {
            await exchange.Worker.WriteAsync(HttpText.Chunk($"piece {i}"));
            Assert.Equal(HttpText.Chunk($"piece {i}"), await exchange.Client.ReadThroughAsync($"piece {i}\r\n"));
        }

        await exchange.Worker.WriteAsync("0\r\n\r\n");
        Assert.Equal("0\r\n\r\n", await exchange.Client.ReadThroughAsync("\r\n\r\n"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_piece_of_an_answer_with_trailers_reaches_the_client_before_the_next_is_sent()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await exchange.AnswerAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");

        for (var i = 0; i < Pieces; i++)
        {
            await exchange.Worker.WriteAsync(HttpText.Chunk($"piece {i}"));
            Assert.Equal(HttpText.Chunk($"piece {i}"), await exchange.Client.ReadThroughAsync($"piece {i}\r\n"));
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_piece_of_an_answer_of_known_length_reaches_the_client_before_the_next_is_sent()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await exchange.Worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");

        for (var i = 0; i < Pieces; i++)
        {
            await exchange.Worker.WriteAsync($"piece {i}\n");
            Assert.EndsWith($"piece {i}\n", await exchange.Client.ReadThroughAsync($"piece {i}\n"), StringComparison.Ordinal);
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_head_of_a_stream_does_not_wait_for_its_first_event(int httpVersion)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = front.NewClient(httpVersion == 1 ? HttpVersion.Version11 : HttpVersion.Version20);
        var answering = client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var worker = await backend.AcceptAsync();
        await worker.ReadHeadAsync();

        await worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");

        using var answer = await answering;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await worker.WriteAsync(HttpText.Chunk("data: 1\n\n") + "0\r\n\r\n");
        Assert.Equal("data: 1\n\n", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 30_000)]
    public async Task Server_sent_events_count_as_a_stream()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync();
        var worker = front.SwitchTo(backend.Address);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((1, 0, 0), (worker.InFlight.Requests, worker.InFlight.Streams, worker.InFlight.Upgraded));

        await exchange.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n");

        Assert.Equal((0, 1, 0), (worker.InFlight.Requests, worker.InFlight.Streams, worker.InFlight.Upgraded));
        var drain = front.DrainAsync(worker);
        await exchange.Worker.WriteAsync("0\r\n\r\n");
        await exchange.Client.ReadThroughAsync("0\r\n\r\n");
        Assert.Equal((1, 0), ((await drain).Drained, (await drain).Cut));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_leaves_takes_its_request_at_the_worker_with_it()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync();
        var worker = front.SwitchTo(backend.Address);
        using var waiting = await front.SendAsync(backend, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        using var streaming = await front.SendAsync(backend, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
        await streaming.AnswerAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
        using var uploading = await front.SendAsync(backend, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");

        waiting.Client.Abort();
        streaming.Client.Dispose();
        uploading.Client.Abort();

        Assert.Equal("", await waiting.Worker.ReadToEndAsync());
        Assert.Equal("", await streaming.Worker.ReadToEndAsync());
        Assert.DoesNotContain("halfhalf", await uploading.Worker.ReadToEndAsync(), StringComparison.Ordinal);
        await front.DrainAsync(worker);
        Assert.Equal(default, worker.InFlight);
    }

    /// <summary>The forwarder's default is to cut what is silent for 100 s; here -1 ms must mean "never", not "at once".</summary>
    [Fact(Timeout = 30_000)]
    public async Task Silence_does_not_end_an_exchange()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        await Task.Delay(TimeSpan.FromSeconds(1.2), TestContext.Current.CancellationToken);
        await exchange.AnswerAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + HttpText.Chunk("a"));
        await Task.Delay(TimeSpan.FromSeconds(1.2), TestContext.Current.CancellationToken);
        await exchange.Worker.WriteAsync(HttpText.Chunk("b") + "0\r\n\r\n");

        Assert.Equal("ab", HttpText.Unchunk(await exchange.Client.ReadThroughAsync("0\r\n\r\n")));
    }
}
