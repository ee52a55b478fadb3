using System.Text;
using BlueGreen.EndToEnd.Tests.Harness;
using Grpc.Core;

namespace BlueGreen.EndToEnd.Tests.Traffic;

/// <summary>A worker as the template of ASP.NET Core for gRPC has it, which speaks HTTP/2 alone.</summary>
public sealed class GrpcTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task Calls_of_all_kinds_finish_on_the_old_release_while_new_ones_get_the_new_one_on_the_same_connection()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.MakeGrpc(_folder, "v1"));
        await front.ActiveAsync(1);
        using var client = new GrpcClient(front.Address);
        var gate = _folder.In("gate");
        using var unary = client.Unary($"wait {gate}");
        using var up = client.ClientStreaming();
        await up.RequestStream.WriteAsync("before", Token);
        using var down = client.ServerStreaming($"before+wait {gate}+after");
        Assert.Equal("v1: before", await NextAsync(down.ResponseStream));
        using var both = client.Duplex();
        Assert.Equal("v1: before", await EchoAsync(both, "before"));
        await StreamsAsync(front, 4);

        await using var deploy = front.StartCommand("deploy", "--json", SampleRelease.MakeGrpc(_folder, "v2"));
        await deploy.WaitForLineAsync(line => line.Contains("\"draining\"", StringComparison.Ordinal));

        Assert.Equal("v2: hello", await client.Unary("hello"));
        using var newer = client.Duplex();
        Assert.Equal("v2: hello", await EchoAsync(newer, "hello"));
        Assert.False(unary.ResponseAsync.IsCompleted);
        Assert.Equal("v1: still there", await EchoAsync(both, "still there"));
        await up.RequestStream.WriteAsync("after", Token);
        await up.RequestStream.CompleteAsync();
        Assert.Equal("v1: before+v1: after", await up);
        File.WriteAllText(gate, "");
        Assert.Equal($"v1: wait {gate}", await unary);
        Assert.Equal([$"v1: wait {gate}", "v1: after"], await down.ResponseStream.ReadAllAsync(Token).ToListAsync(Token));
        Assert.Equal((StatusCode.OK, "3"), (down.GetStatus().StatusCode, down.GetTrailers().GetValue("x-parts")));
        await both.RequestStream.WriteAsync("fail", Token);
        AssertFailedAsTold("v1", await Assert.ThrowsAsync<RpcException>(() => both.ResponseStream.MoveNext(Token)));
        AssertFailedAsTold("v2", await Assert.ThrowsAsync<RpcException>(() => client.Unary("fail").ResponseAsync));

        var completed = (await CliResult.OfAsync(deploy)).Event("completed");
        Assert.Equal((4, 0), (completed.Number("drained"), completed.Number("cut")));
        Assert.Equal("v2: and on", await EchoAsync(newer, "and on"));
        await newer.RequestStream.CompleteAsync();
        Assert.False(await newer.ResponseStream.MoveNext(Token));
        Assert.Equal(1, client.Connections);
    }

    [Fact(Timeout = 60_000)]
    public async Task Cancellations_and_deadlines_reach_the_worker()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.MakeGrpc(_folder, "v1"));
        await front.ActiveAsync(1);
        using var client = new GrpcClient(front.Address);

        var both = client.Duplex();
        await EchoAsync(both, "one");
        both.Dispose();
        await PrintedAsync("/bluegreen.Echo/DuplexStreaming is cancelled");

        var late = await Assert.ThrowsAsync<RpcException>(
            () => client.Unary($"wait {_folder.In("never")}", DateTime.UtcNow.AddSeconds(1)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        await PrintedAsync("/bluegreen.Echo/Unary is cancelled and had a deadline");

        await StreamsAsync(front, 0);
        Assert.Equal("v1: still here", await client.Unary("still here"));
        Assert.Equal(1, client.Connections);
    }

    private static void AssertFailedAsTold(string label, RpcException error)
    {
        Assert.Equal((StatusCode.FailedPrecondition, $"{label} fails: 100 % – as it was told"), (error.StatusCode, error.Status.Detail));
        Assert.Equal("told", error.Trailers.GetValue("x-why"));
        Assert.Equal($"details of {label}", Encoding.UTF8.GetString(error.Trailers.GetValueBytes("grpc-status-details-bin")!));
    }

    private static Task StreamsAsync(Front front, int count) => Until.TrueAsync(async () =>
        (await front.StatusAsync()).App().Active?.Workers[0].InFlight.Streams == count);

    private Task PrintedAsync(string line) => Until.TrueAsync(() => Directory.EnumerateFiles(_folder.In("s", "logs", "web"))
        .Any(file => File.ReadAllText(file).Contains(line, StringComparison.Ordinal)));

    private static async Task<string> EchoAsync(AsyncDuplexStreamingCall<string, string> call, string message)
    {
        await call.RequestStream.WriteAsync(message, Token);
        return await NextAsync(call.ResponseStream);
    }

    private static async Task<string> NextAsync(IAsyncStreamReader<string> answers)
    {
        Assert.True(await answers.MoveNext(Token));
        return answers.Current;
    }
}
