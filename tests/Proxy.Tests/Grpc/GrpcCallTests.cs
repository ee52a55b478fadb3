using BlueGreen.Proxy.Upstreams;
using Grpc.Core;

namespace BlueGreen.Proxy.Tests.Grpc;

/// <summary>Calls of gRPC through the front, between clients and workers as apps have them.</summary>
public sealed class GrpcCallTests
{
    private static readonly DrainDeadlines Deadlines = new(TimeSpan.Zero, TimeSpan.FromSeconds(20));

    private static CancellationToken TestEnds => RawConnection.TestEnds;

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_four_kinds_of_call_pass_over_tcp_and_over_a_unix_socket(bool unix)
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen");
        try
        {
            await using var worker = await GrpcBackend.StartAsync(unixPath: unix ? Path.Combine(folder.FullName, "worker.sock") : null);
            await using var front = await FrontUnderTest.StartAsync(worker.Address);
            using var client = new GrpcClient(front);

            Assert.Equal("blue: hello", await client.Unary("hello"));

            using var up = client.ClientStreaming();
            await up.RequestStream.WriteAsync("a", TestEnds);
            await up.RequestStream.WriteAsync("b", TestEnds);
            await up.RequestStream.CompleteAsync();
            Assert.Equal("blue: a+b", await up);

            using var down = client.ServerStreaming("a+b+c");
            Assert.Equal(["blue: a", "blue: b", "blue: c"], await down.ResponseStream.ReadAllAsync(TestEnds).ToListAsync(TestEnds));
            Assert.Equal("3", down.GetTrailers().GetValue("x-parts"));
            Assert.Equal(StatusCode.OK, down.GetStatus().StatusCode);

            using var both = client.Duplex();
            Assert.Equal("blue: one", await EchoAsync(both, "one"));
            Assert.Equal("blue: two", await EchoAsync(both, "two"));
            await both.RequestStream.CompleteAsync();
            Assert.False(await both.ResponseStream.MoveNext(TestEnds));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_large_message_passes_both_ways()
    {
        var message = new string('x', 3_000_000);
        await using var worker = await GrpcBackend.StartAsync();
        await using var front = await FrontUnderTest.StartAsync(worker.Address);
        using var client = new GrpcClient(front);

        Assert.Equal($"blue: {message}", await client.Unary(message));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_error_reaches_the_client_with_its_status_message_and_trailers()
    {
        await using var worker = await GrpcBackend.StartAsync();
        worker.Service.Answer = _ => throw new RpcException(
            new Status(StatusCode.FailedPrecondition, "not é now"), new Metadata { { "x-why", "tests" } });
        await using var front = await FrontUnderTest.StartAsync(worker.Address);
        using var client = new GrpcClient(front);

        var error = await Assert.ThrowsAsync<RpcException>(() => client.Unary("hello").ResponseAsync);

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("not é now", error.Status.Detail);
        Assert.Equal("tests", error.Trailers.GetValue("x-why"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_deadline_reaches_the_worker_and_ends_the_call_on_both_sides()
    {
        await using var worker = await GrpcBackend.StartAsync();
        worker.Service.Answer = UntilCancelledAsync;
        await using var front = await FrontUnderTest.StartAsync(worker.Address);
        using var client = new GrpcClient(front);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => client.Unary("hello", new CallOptions(deadline: DateTime.UtcNow.AddSeconds(1))).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await worker.Service.CancelledAsync();
        Assert.InRange(Assert.Single(worker.Service.Calls).Deadline, DateTime.UtcNow.AddSeconds(-20), DateTime.UtcNow.AddSeconds(1));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_call_its_client_cancels_is_cancelled_at_the_worker_before_and_amid_its_answer()
    {
        await using var worker = await GrpcBackend.StartAsync();
        worker.Service.Answer = UntilCancelledAsync;
        await using var front = await FrontUnderTest.StartAsync(worker.Address);
        using var client = new GrpcClient(front);
        using var cancel = new CancellationTokenSource();
        var waiting = client.Unary("hello", new CallOptions(cancellationToken: cancel.Token));
        await worker.Service.BegunAsync();
        using var streaming = client.Duplex(new CallOptions(cancellationToken: cancel.Token));
        await EchoAsync(streaming, "one");

        await cancel.CancelAsync();

        await worker.Service.CancelledAsync();
        await worker.Service.CancelledAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => waiting.ResponseAsync)).StatusCode);
        await front.DrainAsync(front.Upstream.Split.Backends.Single());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_its_worker_cancels_is_cancelled_at_the_client(bool amidTheAnswer)
    {
        await using var worker = await GrpcBackend.StartAsync();
        await using var front = await FrontUnderTest.StartAsync(worker.Address);
        using var client = new GrpcClient(front);
        using var call = client.Duplex();
        if (amidTheAnswer)
        {
            await EchoAsync(call, "one");
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => EchoAsync(call, EchoService.Reset));

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task Calls_are_streams_from_their_beginning_with_the_deadline_of_streams()
    {
        await using var worker = await GrpcBackend.StartAsync();
        await using var front = await FrontUnderTest.StartAsync();
        var backend = front.SwitchTo(worker.Address);
        using var client = new GrpcClient(front);
        using var up = client.ClientStreaming();
        await up.RequestStream.WriteAsync("a", TestEnds);
        await worker.Service.BegunAsync();
        Assert.Equal(new InFlight(0, 1, 0), backend.InFlight);

        front.Upstream.Switch([]);
        var drain = backend.DrainAsync(Deadlines, TestEnds);
        await up.RequestStream.WriteAsync("b", TestEnds);
        await up.RequestStream.CompleteAsync();

        Assert.Equal("blue: a+b", await up);
        Assert.Equal((1, 0), ((await drain).Drained, (await drain).Cut));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stream_goes_on_with_the_old_release_over_a_switch_while_new_calls_get_the_new_one_on_the_same_connection()
    {
        await using var blue = await GrpcBackend.StartAsync("blue");
        await using var green = await GrpcBackend.StartAsync("green");
        await using var front = await FrontUnderTest.StartAsync();
        var old = front.SwitchTo(blue.Address);
        using var client = new GrpcClient(front);
        using var stream = client.Duplex();
        Assert.Equal("blue: before", await EchoAsync(stream, "before"));

        front.SwitchTo(green.Address);
        var drain = old.DrainAsync(Deadlines, TestEnds);

        Assert.Equal("green: hello", await client.Unary("hello"));
        Assert.Equal("blue: after", await EchoAsync(stream, "after"));
        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(TestEnds));
        Assert.Equal((1, 0), ((await drain).Drained, (await drain).Cut));
        Assert.Equal(1, client.Connections);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stream_that_outlives_its_deadline_breaks_visibly_on_both_sides()
    {
        await using var worker = await GrpcBackend.StartAsync();
        await using var front = await FrontUnderTest.StartAsync();
        var backend = front.SwitchTo(worker.Address);
        using var client = new GrpcClient(front);
        using var stream = client.Duplex();
        await EchoAsync(stream, "one");
        front.Upstream.Switch([]);

        var drained = await backend.DrainAsync(new(TimeSpan.Zero, TimeSpan.Zero), TestEnds);

        Assert.Equal((0, 1), (drained.Drained, drained.Cut));
        await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(TestEnds));
        await worker.Service.CancelledAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_thousand_streams_at_once_pass_on_one_connection_of_the_client()
    {
        const int Streams = 1000;
        await using var worker = await GrpcBackend.StartAsync();
        await using var front = await FrontUnderTest.StartAsync();
        var backend = front.SwitchTo(worker.Address);
        using var client = new GrpcClient(front);
        var calls = Enumerable.Range(0, Streams).Select(_ => client.Duplex()).ToArray();

        for (var round = 0; round < 2; round++)
        {
            var echoes = await Task.WhenAll(calls.Select((call, i) => EchoAsync(call, $"{i}.{round}")));
            Assert.Equal(Enumerable.Range(0, Streams).Select(i => $"blue: {i}.{round}"), echoes);
            Assert.Equal(new InFlight(0, Streams, 0), backend.InFlight);
        }

        foreach (var call in calls)
        {
            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext(TestEnds));
            call.Dispose();
        }

        Assert.Equal(1, client.Connections);
        await front.DrainAsync(backend);
    }

    private static async Task<string> EchoAsync(AsyncDuplexStreamingCall<string, string> call, string message)
    {
        await call.RequestStream.WriteAsync(message, TestEnds);
        Assert.True(await call.ResponseStream.MoveNext(TestEnds));
        return call.ResponseStream.Current;
    }

    private static async Task<string> UntilCancelledAsync(ServerCallContext call)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, call.CancellationToken);
        return "never";
    }
}
