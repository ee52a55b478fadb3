using System.Net.WebSockets;
using System.Text;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class DrainTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task What_is_in_flight_finishes_on_the_old_release_while_new_requests_get_the_new_one()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var visitor = new Visitor(front.Address);
        using var socket = await OpenWebSocketAsync(front);
        var slow = visitor.GetAsync("/slow?ms=10000");
        await InFlightAsync(front, requests: 1, upgraded: 1);

        await using var deploy = front.StartCommand("deploy", "--json", SampleRelease.Make(_folder, "v2"));
        await deploy.WaitForLineAsync(line => line.Contains("\"draining\"", StringComparison.Ordinal));
        Assert.False(slow.IsCompleted);
        Assert.Equal("2", (await visitor.GetAsync()).Release);
        Assert.Equal("still there", await EchoAsync(socket, "still there"));

        var answer = await slow;
        Assert.Equal((200, "1", "after 10000 ms\n"), (answer.Status, answer.Release, answer.Body));
        Assert.Equal("and still", await EchoAsync(socket, "and still"));
        Assert.Equal("draining", (await front.StatusAsync()).App().Releases.Single(release => release.Release == 1).Role);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

        var completed = (await CliResult.OfAsync(deploy)).Event("completed");
        Assert.Equal((2, 0), (completed.Number("drained"), completed.Number("cut")));
        await front.SettledAsync();
        Assert.Single(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_outlives_the_drain_deadline_is_cut_and_counted()
    {
        _folder.Configure("apps: {web: {drain: {requests: 300ms, streams: 600ms}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var visitor = new Visitor(front.Address);
        using var socket = await OpenWebSocketAsync(front);
        var unanswered = visitor.GetAsync("/slow?ms=60000");
        var half = visitor.GetAsync("/stream?chunks=1000&every=100");
        await InFlightAsync(front, requests: 2, upgraded: 1);

        var deployed = await front.DeployAsync(SampleRelease.Make(_folder, "v2"));
        Assert.Equal(0, deployed.Code);
        Assert.Equal(3, deployed.Event("draining").Number("inFlight"));
        Assert.Equal((0, 3), (deployed.Event("completed").Number("drained"), deployed.Event("completed").Number("cut")));
        // Of this one nothing had been answered, and it can do no harm twice: the new release is asked in its turn.
        await InFlightAsync(front, requests: 1, upgraded: 0);
        Assert.False(unanswered.IsCompleted);
        await Assert.ThrowsAsync<HttpRequestException>(() => half);
        await Assert.ThrowsAsync<WebSocketException>(() => EchoAsync(socket, "still there"));
        await front.LoggedAsync("Drained web release 1 (v1)");
        Assert.Contains("0 finished, 3 cut", front.Log, StringComparison.Ordinal);
        Assert.Equal("2", (await visitor.GetAsync()).Release);
    }

    private static Task InFlightAsync(Front front, int requests, int upgraded) => Until.TrueAsync(async () =>
        (await front.StatusAsync()).App().Active?.Workers[0].InFlight is { } inFlight
        && inFlight.Requests == requests && inFlight.Upgraded == upgraded);

    private static async Task<ClientWebSocket> OpenWebSocketAsync(Front front)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(front.Address) { Scheme = "ws", Path = "/ws" }.Uri, TestContext.Current.CancellationToken);
        Assert.Equal("hello 1", await ReceiveAsync(socket));
        return socket;
    }

    private static async Task<string> EchoAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        return await ReceiveAsync(socket);
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
