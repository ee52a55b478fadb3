using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Load.Http;

namespace BlueGreen.EndToEnd.Tests.Fronts;

/// <summary>How long the end of a front takes: what is in flight decides, and each kind of it has its deadline.</summary>
public sealed class StopDeadlineTests : IDisposable
{
    /// <summary>Far less than the deadlines that are not meant to matter, and a lot for a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_slow_request_is_answered_in_full_and_idle_connections_delay_nothing()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var idle = await HttpConnection.ConnectAsync(front.Address, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(200, (await idle.ExchangeAsync(HttpRequest.Get(front.Address), TestContext.Current.CancellationToken)).Status);
        using var silent = await HttpConnection.ConnectAsync(front.Address, cancel: TestContext.Current.CancellationToken);
        using var visitor = new Visitor(front.Address);
        var slow = visitor.GetAsync("/slow?ms=2000");
        var stream = visitor.GetAsync("/stream?chunks=20&every=100");
        await InFlightAsync(front, requests: 2);

        front.Signal(Signals.Terminate);

        Assert.Equal((200, "1", "after 2000 ms\n"), ((await slow).Status, (await slow).Release, (await slow).Body));
        Assert.Equal(200, (await stream).Status);
        Assert.Equal(0, await front.Exited.WaitAsync(Soon, TestContext.Current.CancellationToken));
        AssertNothingLeft(front);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_WebSocket_outlives_the_deadline_of_requests_and_is_cut_at_its_own()
    {
        _folder.Configure("apps: {web: {drain: {requests: 500ms, streams: 3s}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(front.Address) { Scheme = "ws", Path = "/ws" }.Uri, TestContext.Current.CancellationToken);
        Assert.Equal("hello 1", await ReceiveAsync(socket));
        using var visitor = new Visitor(front.Address);
        var slow = visitor.GetAsync("/slow?ms=60000");
        await InFlightAsync(front, requests: 1, upgraded: 1);

        var told = Stopwatch.GetTimestamp();
        front.Signal(Signals.Terminate);

        Assert.Equal(503, (await slow).Status);
        await socket.SendAsync(Encoding.UTF8.GetBytes("still there"), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        Assert.Equal("still there", await ReceiveAsync(socket));
        await Assert.ThrowsAsync<WebSocketException>(() => ReceiveAsync(socket));
        var cut = Stopwatch.GetElapsedTime(told);
        Assert.Equal(0, await front.Exited.WaitAsync(Soon, TestContext.Current.CancellationToken));
        Assert.InRange(cut, TimeSpan.FromSeconds(2.9), Soon);
        Assert.Contains("0 finished, 2 cut", front.Log, StringComparison.Ordinal);
        AssertNothingLeft(front);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_request_that_never_gets_whole_is_not_waited_for_longer_than_others()
    {
        _folder.Configure("apps: {web: {drain: {requests: 500ms, streams: 1s}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var half = await HttpConnection.ConnectAsync(front.Address, cancel: TestContext.Current.CancellationToken);
        await half.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n"), TestContext.Current.CancellationToken);
        using var preface = await HttpConnection.ConnectAsync(front.Address, cancel: TestContext.Current.CancellationToken);
        await preface.SendAsync(Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n"), TestContext.Current.CancellationToken);
        using var visitor = new Visitor(front.Address);
        Assert.Equal(200, (await visitor.GetAsync()).Status);

        front.Signal(Signals.Terminate);

        Assert.Equal(0, await front.Exited.WaitAsync(Soon, TestContext.Current.CancellationToken));
        AssertNothingLeft(front);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_client_that_does_not_read_its_answer_is_not_waited_for_longer_than_others()
    {
        _folder.Configure("apps: {web: {drain: {requests: 500ms, streams: 1s}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var lazy = await HttpConnection.ConnectAsync(front.Address, cancel: TestContext.Current.CancellationToken);
        await lazy.SendAsync(Encoding.ASCII.GetBytes("GET /big?bytes=200000000 HTTP/1.1\r\nHost: x\r\n\r\n"), TestContext.Current.CancellationToken);
        await InFlightAsync(front, requests: 1);

        front.Signal(Signals.Terminate);

        Assert.Equal(0, await front.Exited.WaitAsync(Soon, TestContext.Current.CancellationToken));
        Assert.Contains("0 finished, 1 cut", front.Log, StringComparison.Ordinal);
        AssertNothingLeft(front);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_signal_ends_it_within_two_seconds_whatever_is_in_flight_and_however_deaf_the_workers_are()
    {
        _folder.Configure("apps: {web: {bind: unix, instances: 2, drain: {requests: 10m, streams: 10m, stop: 10m}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "deaf", "ignore-sigterm=true"));
        await front.ActiveAsync(1);
        using var held = await HeldRequest.SendAsync(front);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(front.Address) { Scheme = "ws", Path = "/ws" }.Uri, TestContext.Current.CancellationToken);
        await using var deploy = front.StartCommand("deploy", "--json", SampleRelease.MakeGated(_folder, "v2", _folder.In("gate")));
        await deploy.WaitForLineAsync(line => line.Contains("probing", StringComparison.Ordinal));
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(_folder.In("s", "run")));
        front.Signal(Signals.Terminate);
        await front.LoggedAsync("Stopping");

        var told = Stopwatch.GetTimestamp();
        front.Signal(Signals.Terminate);

        Assert.Equal(0, await front.Exited.WaitAsync(TestContext.Current.CancellationToken));
        Assert.InRange(Stopwatch.GetElapsedTime(told), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        AssertNothingLeft(front);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_app_that_was_removed_and_still_drains_leaves_nothing_behind_either()
    {
        var old = $"old: {{path: /, source: {SampleRelease.Make(_folder, "v1", "ignore-sigterm=true")}, drain: {{requests: 3s, stop: 2s}}}}";
        _folder.Configure($"apps: {{web: {{path: /web, drain: {{requests: 1s}}}}, {old}}}");
        await using var front = await Front.StartAsync(_folder);
        await front.ActiveAsync(1, "old");
        using var visitor = new Visitor(front.Address);
        var slow = visitor.GetAsync("/slow?ms=60000");
        await Until.TrueAsync(async () => (await front.StatusAsync()).App("old").Active!.Workers[0].InFlight.Requests == 1);
        _folder.Configure("apps: {web: {path: /web, drain: {requests: 1s}}}");
        Assert.Equal(0, (await front.RunAsync("reload")).Code);
        Assert.Single(_folder.WorkerPids);

        Assert.Equal(0, await front.StopAsync());

        Assert.Equal(503, (await slow).Status);
        AssertNothingLeft(front);
    }

    private static Task InFlightAsync(Front front, int requests, int upgraded = 0) => Until.TrueAsync(async () =>
        (await front.StatusAsync()).App().Active?.Workers[0].InFlight is { } inFlight
        && inFlight.Requests == requests && inFlight.Upgraded == upgraded);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private void AssertNothingLeft(Front front)
    {
        Assert.Empty(_folder.WorkerPids);
        Assert.False(File.Exists(front.ControlSocket));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.In("s", "run")));
    }
}
