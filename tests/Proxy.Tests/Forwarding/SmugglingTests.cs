namespace BlueGreen.Proxy.Tests.Forwarding;

/// <summary>
/// A request that two readers could read differently (RFC 9112, 11.2) is refused and its connection closed, or reaches the worker in
/// one form. Behind each waits another request, which only a client that is in step with the front gets an answer to.
/// </summary>
public sealed class SmugglingTests
{
    private const string Next = "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private const string Chunks = "5\r\nhello\r\n0\r\n\r\n";

    /// <summary>Refused before anything of it reaches a worker.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n Transfer-Encoding: chunked\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u000bchunked\r\n\r\n" + Chunks)]
    [InlineData("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n" + Chunks)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n Host: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\rHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: user@a\r\n\r\n")]
    [InlineData("GET / HTTP/1.2\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/2.0\r\nHost: a\r\n\r\n")]
    [InlineData("GET / http/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1 \r\nHost: a\r\n\r\n")]
    [InlineData("GET /\r\nHost: a\r\n\r\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET a HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET * HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("G(T / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("get / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("head / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\n\r\nhello")]
    public async Task What_could_be_read_in_two_ways_is_refused_and_ends_its_connection(string request)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(request + Next);

        var answers = await client.ReadToEndAsync();
        Assert.Matches("^HTTP/1.1 (400|405|501|505) ", answers);
        Assert.Equal(1, Answers(answers));
        Assert.Empty(backend.Seen);
    }

    /// <summary>Refused when the head is on its way already: the worker's copy of the request must stay visibly incomplete.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("+5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("\r\nhello\r\n0\r\n\r\n")]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData("5x\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5\rhello\r\n0\r\n\r\n")]
    [InlineData("5;a\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello0\r\n\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("5\r\nhelloworld\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nX : 1\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\n\r")]
    public async Task A_body_whose_chunks_are_wrong_is_refused_and_never_ends_at_the_worker(string chunks)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + Next);

        var answers = await client.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 400 Bad Request", answers, StringComparison.Ordinal);
        Assert.Equal(1, Answers(answers));
        Assert.Empty(backend.Seen);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=1\r\nhello\r\n0;y\r\n\r\n", "POST / hello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0005\r\nhello\r\n0\r\n\r\n", "POST / hello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n", "POST / hello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n" + Chunks, "POST / hello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tchunked\t\r\n\r\n" + Chunks, "POST / hello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello", "POST / hello")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "GET / hello")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nTransfer_Encoding: chunked\r\nContent_Length: 5\r\n\r\n", "GET /")]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", "GET /")]
    [InlineData("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", "POST / hello")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX\u0007Y: b\r\n\r\n", "GET /")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\u0001b\r\n\r\n", "GET /")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS /")]
    [InlineData("POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", "POST / hello")]
    public async Task What_can_be_read_in_one_way_reaches_the_worker_in_that_form_and_the_next_request_follows(string request, string seen)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(request + Next);

        Assert.Equal(2, Answers(await client.ReadToEndAsync()));
        Assert.Equal([seen, "GET /next"], backend.Seen);
        Assert.All(backend.Requests.SelectMany(one => one.Head.Fields("Content-Length")), length => Assert.Equal("5", length));
        Assert.DoesNotContain(backend.Requests, one => one.Head.Contains('\u0007', StringComparison.Ordinal));
        Assert.DoesNotContain(backend.Requests, one => one.Head.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n'));
    }

    /// <summary>The coding overrules the length, which the worker is not told, and the connection ends (RFC 9112, 6.3).</summary>
    [Theory(Timeout = 30_000)]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + Chunks)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 999\r\n\r\n" + Chunks)]
    public async Task A_length_beside_chunks_counts_for_nothing_and_what_follows_is_not_executed(string rest)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync("POST / HTTP/1.1\r\nHost: a\r\n" + rest + Next);

        Assert.Equal(1, Answers(await client.ReadToEndAsync()));
        Assert.Equal(["POST / hello"], backend.Seen);
        Assert.Empty(backend.Requests.Single().Head.Fields("Content-Length"));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("GET /", 9_000, "414 URI Too Long")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: ", 70_000, "431 Request Header Fields Too Large")]
    public async Task A_line_that_is_too_long_is_refused(string begin, int length, string status)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(begin + new string('x', length));

        Assert.Equal("HTTP/1.1 " + status, (await client.ReadHeadAsync()).StartLine());
        Assert.Empty(backend.Seen);
    }

    [Fact(Timeout = 30_000)]
    public async Task Too_many_headers_are_refused()
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync($"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X{i}: 1\r\n"))}\r\n");

        Assert.Equal("HTTP/1.1 431 Request Header Fields Too Large", (await client.ReadHeadAsync()).StartLine());
        Assert.Empty(backend.Seen);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_header_of_32_KB_passes_both_ways(int httpVersion)
    {
        var value = new string('x', 32 * 1024);
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = front.NewClient(new Version(httpVersion, httpVersion == 1 ? 1 : 0));
        client.DefaultRequestHeaders.Add("X-Large", value);
        var answering = client.GetAsync("/", TestContext.Current.CancellationToken);
        using var worker = await backend.AcceptAsync();

        Assert.Equal(value, (await worker.ReadHeadAsync()).Field("X-Large"));
        await worker.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Large: {value}\r\n\r\n");
        using var answer = await answering;
        Assert.Equal(value, answer.Headers.GetValues("X-Large").Single());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_body_shorter_than_its_length_takes_what_follows_for_itself_and_no_more()
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {5 + Next.Length}\r\n\r\nhello" + Next);
        await client.WriteAsync(Next);

        Assert.Equal(2, Answers(await client.ReadToEndAsync()));
        Assert.Equal(["POST / hello" + Next.TrimEnd(), "GET /next"], backend.Seen);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_left_of_a_body_longer_than_its_length_is_a_request_of_its_own_and_refused_as_such()
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello world\r\n\r\n" + Next);

        Assert.Contains("HTTP/1.1 400 Bad Request", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(["POST / hello"], backend.Seen);
    }

    private static int Answers(string text) => text.Split("HTTP/1.1 ").Length - 1;
}
