using System.Net;
using BlueGreen.Proxy.Routing;
using Grpc.Core;

namespace BlueGreen.Proxy.Tests.Grpc;

/// <summary>Calls that fail: the client always learns it, and a worker that may have begun a call never gets it a second time.</summary>
public sealed class GrpcFailureTests
{
    private const uint Cancel = 8;
    private const uint RefusedStream = 7;

    private static CancellationToken TestEnds => RawConnection.TestEnds;

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_killed_amid_a_stream_is_an_error_never_an_end(bool reset)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = new GrpcClient(front);
        using var call = client.ServerStreaming("a");
        var worker = await RawHttp2Worker.AcceptAsync(backend);
        await worker.BeginAnswerAsync(await worker.ReadRequestAsync());
        Assert.True(await call.ResponseStream.MoveNext(TestEnds));
        Assert.Equal("hello", call.ResponseStream.Current);

        End(worker.Connection, reset);

        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestEnds));
        Assert.Equal("blue: still here", await AnswerOfNextWorkerAsync(front, client));
        Assert.Equal(1, client.Connections);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_whose_worker_dies_before_it_answers_arrives_once_and_is_unavailable(bool reset)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = new GrpcClient(front);
        var call = client.Unary("hello");
        var worker = await RawHttp2Worker.AcceptAsync(backend);
        await worker.ReadToEndOfRequestAsync();

        End(worker.Connection, reset);

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("may have begun", error.Status.Detail, StringComparison.Ordinal);
        Assert.False(backend.HasPending);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_without_a_body_that_a_worker_refused_is_sent_again(bool byStream)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = front.NewClient(HttpVersion.Version20);
        using var request = NewRequest(HttpMethod.Post);
        request.Content = new ByteArrayContent([]) { Headers = { { "Content-Type", "application/grpc" } } };
        var answering = client.SendAsync(request, TestEnds);
        var worker = await RawHttp2Worker.AcceptAsync(backend);
        var stream = await worker.ReadRequestAsync();

        await worker.WriteAsync(byStream ? Http2Frame.ResetOf(stream, RefusedStream) : Http2Frame.GoAwayAfter(0));

        var next = byStream ? worker : await RawHttp2Worker.AcceptAsync(backend);
        await next.AnswerAsync(await next.ReadRequestAsync());
        using var answer = await answering;
        await answer.Content.LoadIntoBufferAsync(TestEnds);
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_a_worker_refused_with_its_body_on_the_way_is_refused_to_its_client_and_arrives_once(bool byStream)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = await RawHttp2ClientAsync(front);
        await client.WriteAsync($"{HeadOfCall(stream: 1, endStream: false)}{new Http2Frame(Http2Frame.Data, Http2Frame.EndStream, 1, "\0\0\0\0\0")}");
        var worker = await RawHttp2Worker.AcceptAsync(backend);
        var stream = await worker.ReadRequestAsync();
        await worker.ReadToEndOfRequestAsync();

        await worker.WriteAsync(byStream ? Http2Frame.ResetOf(stream, RefusedStream) : Http2Frame.GoAwayAfter(0));

        var answer = await Http2Frame.ReadAsync(client, Http2Frame.Headers, Http2Frame.Reset);
        Assert.Equal(Http2Frame.Reset, answer.Type);
        Assert.Equal(RefusedStream, answer.ResetCode);
        Assert.False(backend.HasPending);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reset_before_the_answer_reaches_the_client_as_the_worker_meant_it()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = await RawHttp2ClientAsync(front);
        await client.WriteAsync(HeadOfCall(stream: 1, endStream: false).ToString());
        var worker = await RawHttp2Worker.AcceptAsync(backend);

        await worker.WriteAsync(Http2Frame.ResetOf(await worker.ReadRequestAsync(), Cancel));

        var answer = await Http2Frame.ReadAsync(client, Http2Frame.Headers, Http2Frame.Reset);
        Assert.Equal((Http2Frame.Reset, Cancel), (answer.Type, answer.ResetCode));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reset_by_the_client_reaches_the_worker_as_such()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = await RawHttp2ClientAsync(front);
        await client.WriteAsync(HeadOfCall(stream: 1, endStream: false).ToString());
        var worker = await RawHttp2Worker.AcceptAsync(backend);
        await worker.ReadRequestAsync();

        await client.WriteAsync(Http2Frame.ResetOf(1, Cancel).ToString());

        var reset = await Http2Frame.ReadAsync(worker.Connection, Http2Frame.Reset);
        Assert.Equal(Cancel, reset.ResetCode);
    }

    /// <summary>Some clients take a status in the first headers for one only where those end the stream ("Trailers-Only").</summary>
    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_of_headers_alone_ends_with_them(bool ofTheFront)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(ofTheFront ? null : backend.Address);
        using var client = await RawHttp2ClientAsync(front);
        await client.WriteAsync(HeadOfCall(stream: 1, endStream: true).ToString());
        if (!ofTheFront)
        {
            var worker = await RawHttp2Worker.AcceptAsync(backend);
            var stream = await worker.ReadRequestAsync();
            await worker.WriteAsync(Http2Frame.HeadersOf(
                stream, endStream: true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "12")));
        }

        var head = await Http2Frame.ReadAsync(client, Http2Frame.Headers, Http2Frame.Reset);
        Assert.Equal(Http2Frame.Headers, head.Type);
        Assert.True(head.EndsStream);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_call_that_nobody_can_take_is_told_so_in_its_own_terms()
    {
        await using var front = await FrontUnderTest.StartAsync();
        using var client = new GrpcClient(front);

        var nothingDeployed = await Assert.ThrowsAsync<RpcException>(() => client.Unary("hello").ResponseAsync);
        front.Server.Routes = RouteTable.Empty;
        var noApp = await Assert.ThrowsAsync<RpcException>(() => client.Unary("hello").ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, nothingDeployed.StatusCode);
        Assert.Contains("bluegreen deploy PATH --app web", nothingDeployed.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Unimplemented, noApp.StatusCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_does_not_speak_http2_is_unavailable_for_calls()
    {
        await using var worker = await WebBackend.SayingAsync("reached");
        await using var front = await FrontUnderTest.StartAsync(worker.Address);
        using var client = new GrpcClient(front);

        var error = await Assert.ThrowsAsync<RpcException>(() => client.Unary("hello").ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_call_that_no_worker_took_goes_to_the_next_one_whole()
    {
        using var dead = RawBackend.RefusingTcp();
        await using var next = await GrpcBackend.StartAsync("green");
        await using var front = await FrontUnderTest.StartAsync(dead);
        using var client = new GrpcClient(front);
        var call = client.Unary("hello");
        await front.HoldsAsync(1);

        front.SwitchTo(next.Address);

        Assert.Equal("green: hello", await call);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("application/grpc", "1.1")]
    [InlineData("application/grpc-web+proto", "2.0")]
    [InlineData("application/grpcx", "2.0")]
    [InlineData("application/json", "2.0")]
    public async Task What_is_no_call_goes_over_http11(string type, string version)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = front.NewClient(Version.Parse(version));
        using var content = new ByteArrayContent([1]) { Headers = { { "Content-Type", type } } };
        var answering = client.PostAsync("/", content, TestEnds);
        using var worker = await backend.AcceptAsync();

        Assert.Equal("POST / HTTP/1.1", (await worker.ReadHeadAsync()).StartLine());
        await worker.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n");
        (await answering).Dispose();
    }

    private static async Task<string> AnswerOfNextWorkerAsync(FrontUnderTest front, GrpcClient client)
    {
        await using var next = await GrpcBackend.StartAsync();
        front.SwitchTo(next.Address);
        return await client.Unary("still here");
    }

    private static async Task<RawConnection> RawHttp2ClientAsync(FrontUnderTest front)
    {
        var client = await front.ConnectAsync();
        await client.WriteAsync($"{Http2Frame.Preface}{new Http2Frame(Http2Frame.Settings, 0, 0)}");
        return client;
    }

    private static Http2Frame HeadOfCall(int stream, bool endStream) => Http2Frame.HeadersOf(
        stream, endStream, (":method", "POST"), (":scheme", "http"), (":path", "/a/b"), (":authority", "a"),
        ("content-type", "application/grpc"), ("te", "trailers"));

    private static HttpRequestMessage NewRequest(HttpMethod method) =>
        new(method, "/a/b") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private static void End(RawConnection worker, bool reset)
    {
        if (reset)
        {
            worker.Abort();
        }
        else
        {
            worker.Dispose();
        }
    }
}
