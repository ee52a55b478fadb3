using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BlueGreen.Load;

namespace BlueGreen.EndToEnd.Tests.Load;

public sealed class KeepAliveLoadTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task A_server_without_fault_gives_a_report_without_failures()
    {
        await using var server = new ScriptedServer();
        var report = await RunAsync(server, count: 1000, connections: 7, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(1000, report.Requests);
        Assert.Equal(1000, report.Succeeded);
        Assert.Equal(1000, server.Requests);
        Assert.Equal(7, report.ConnectionsOpened);
        Assert.Equal(1000, report.Latencies.Count);
        Assert.Equal(1000, report.Answers.Count);
        Assert.Empty(report.Failures);
        Assert.Empty(report.Samples);
        Assert.Equal([new ReleaseSeen("1", "v1", 1000)], report.Releases);
        Assert.True(report.IsFlawless);
    }

    [Theory(Timeout = Limit)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n00A;x=y\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok")]
    public async Task Every_well_formed_answer_is_a_success(string bytes)
    {
        await using var server = new ScriptedServer(3, new Reply(bytes));
        var report = await RunAsync(server, count: 10, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(10, report.Succeeded);
        Assert.Equal(1, report.ConnectionsOpened);
    }

    [Theory(Timeout = Limit)]
    [InlineData(FailureKind.Closed, "", Ending.Close)]
    [InlineData(FailureKind.Reset, "", Ending.Reset)]
    [InlineData(FailureKind.Reset, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", Ending.Reset)]
    [InlineData(FailureKind.Truncated, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", Ending.Close)]
    [InlineData(FailureKind.Truncated, "HTTP/1.1 200 OK\r\nContent-Le", Ending.Close)]
    [InlineData(FailureKind.Truncated, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Ending.Close)]
    [InlineData(FailureKind.Truncated, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", Ending.Close)]
    [InlineData(FailureKind.BadStatus, "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.BadStatus, "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.BadStatus, "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", Ending.Close)]
    [InlineData(FailureKind.CloseAnnounced, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", Ending.Close)]
    [InlineData(FailureKind.CloseAnnounced, "HTTP/1.1 200 OK\r\n\r\na body that ends with its connection", Ending.Close)]
    [InlineData(FailureKind.CloseAnnounced, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", Ending.Close)]
    [InlineData(FailureKind.Malformed, "garbage\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 2oo OK\r\nContent-Length: 0\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 200 OK\nContent-Length: 0\n\n", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 200 OK\r\nX: a\r\n folded\r\nContent-Length: 0\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n", Ending.Keep)]
    [InlineData(FailureKind.Malformed, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Ending.Keep)]
    public async Task A_fault_is_counted_once_and_as_what_it_is(FailureKind kind, string bytes, Ending ending)
    {
        await using var server = new ScriptedServer(3, new Reply(bytes, ending));
        var report = await RunAsync(server, count: 10, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(new Dictionary<FailureKind, long> { [kind] = 1 }, report.Failures);
        Assert.Equal(10, report.Requests);
        Assert.Equal(9, report.Succeeded);
        Assert.False(report.IsFlawless);
        var sample = Assert.Single(report.Samples);
        Assert.Equal((kind, 0, 2), (sample.Kind, sample.Connection, sample.Number));
    }

    [Fact(Timeout = Limit)]
    public async Task A_connection_closed_after_a_whole_answer_costs_the_next_request()
    {
        await using var server = new ScriptedServer(3, Reply.Good with { Ending = Ending.Close });
        var report = await RunAsync(server, count: 10, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(new Dictionary<FailureKind, long> { [FailureKind.Closed] = 1 }, report.Failures);
        Assert.Equal(3, report.Samples[0].Number);
        Assert.Equal(2, report.ConnectionsOpened);
    }

    [Fact(Timeout = Limit)]
    public async Task An_error_status_does_not_end_the_connection()
    {
        await using var server = new ScriptedServer((_, _) => Task.FromResult(new Reply("HTTP/1.1 503 -\r\nContent-Length: 0\r\n\r\n")));
        var report = await RunAsync(server, count: 25, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(25, report.FailedAs(FailureKind.BadStatus));
        Assert.Equal(25, report.Failed);
        Assert.Equal(1, report.ConnectionsOpened);
        Assert.Equal(report.Options.Samples, report.Samples.Count);
        Assert.Equal(0, report.Latencies.Count);
    }

    [Fact(Timeout = Limit)]
    public async Task A_second_answer_to_one_request_is_surplus()
    {
        await using var server = new ScriptedServer(3, new Reply(Reply.Good.Bytes + Reply.Good.Bytes));
        var report = await RunAsync(server, count: 10, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(new Dictionary<FailureKind, long> { [FailureKind.Surplus] = 1 }, report.Failures);
    }

    [Fact(Timeout = Limit)]
    public async Task Bytes_after_the_last_answer_are_surplus()
    {
        await using var server = new ScriptedServer(10, Reply.Good with { Ending = Ending.TalkAfterTheEnd });
        var report = await RunAsync(server, count: 10, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(new Dictionary<FailureKind, long> { [FailureKind.Surplus] = 1 }, report.Failures);
        Assert.Equal(9, report.Succeeded);
    }

    [Fact(Timeout = Limit)]
    public async Task An_answer_that_does_not_come_in_time_is_timed_out()
    {
        await using var server = new ScriptedServer(3, new Reply("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", Ending.Silence));
        var report = await RunAsync(server, count: 10, timeout: TimeSpan.FromSeconds(1), cancel: TestContext.Current.CancellationToken);
        Assert.Equal(new Dictionary<FailureKind, long> { [FailureKind.TimedOut] = 1 }, report.Failures);
        Assert.Equal(9, report.Succeeded);
    }

    [Fact(Timeout = Limit)]
    public async Task A_port_without_a_listener_refuses_every_request()
    {
        using var bound = new Socket(SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, never listening: nobody else can take the port meanwhile
        var target = new Uri($"http://{bound.LocalEndPoint}/");
        var report = await new KeepAliveLoad(new LoadOptions { Target = target, Connections = 2, Count = 6 }).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new Dictionary<FailureKind, long> { [FailureKind.Refused] = 6 }, report.Failures);
        Assert.Equal(0, report.ConnectionsOpened);
        Assert.Equal(0, report.Succeeded);
    }

    [Fact(Timeout = Limit)]
    public async Task A_connection_for_each_request_announces_its_end_and_expects_it()
    {
        var requests = new ConcurrentBag<string>();
        await using var server = new ScriptedServer((_, request) =>
        {
            requests.Add(request);
            return Task.FromResult(new Reply("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", Ending.Close));
        });
        var report = await RunAsync(server, count: 20, connections: 3, use: ConnectionUse.OneRequestEach, cancel: TestContext.Current.CancellationToken);
        Assert.True(report.IsFlawless);
        Assert.Equal(20, report.ConnectionsOpened);
        Assert.All(requests, request => Assert.Contains("\r\nConnection: close\r\n", request, StringComparison.Ordinal));
    }

    [Fact(Timeout = Limit)]
    public async Task An_answer_by_the_old_release_to_a_request_started_after_the_switch_is_a_stray()
    {
        long switched = 0;
        await using var server = new ScriptedServer((number, _) =>
        {
            if (number == 4) // the fourth request is under way: only what follows started after this moment
                switched = Stopwatch.GetTimestamp();
            return Task.FromResult(Reply.From(number is 5 or 6 or 8 ? "2" : "1"));
        });
        var report = await RunAsync(server, count: 8, cancel: TestContext.Current.CancellationToken);
        Assert.Equal([new ReleaseSeen("1", "v1", 5), new ReleaseSeen("2", "v2", 3)], report.Releases);
        var stray = Assert.Single(report.StrayAnswers(switched, "2"));
        Assert.Equal(report.Answers[6], stray);
        Assert.True(stray.Started > switched && stray.Ended > stray.Started);
    }

    [Fact(Timeout = Limit)]
    public async Task Stopping_ends_the_requests_under_way_and_starts_no_other()
    {
        var released = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedServer((number, _) =>
        {
            if (number < 5)
                return Task.FromResult(Reply.Good);
            held.SetResult();
            return released.Task;
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = new KeepAliveLoad(new LoadOptions { Target = server.Address, Connections = 1 }).RunAsync(stop.Token);
        await held.Task.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        Assert.False(running.IsCompleted);
        released.SetResult(Reply.Good);
        var report = await running;
        Assert.Equal(5, report.Succeeded);
        Assert.Equal(5, server.Requests);
        Assert.True(report.IsFlawless);
    }

    [Fact(Timeout = Limit)]
    public async Task A_duration_ends_the_load()
    {
        await using var server = new ScriptedServer();
        var options = new LoadOptions { Target = server.Address, Connections = 2, Duration = TimeSpan.FromMilliseconds(200) };
        var report = await new KeepAliveLoad(options).RunAsync(TestContext.Current.CancellationToken);
        Assert.True(report.IsFlawless);
        Assert.True(report.Elapsed >= options.Duration);
    }

    [Fact(Timeout = Limit)]
    public async Task Whoever_waits_for_a_number_of_requests_is_told()
    {
        await using var server = new ScriptedServer();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = new KeepAliveLoad(new LoadOptions { Target = server.Address, Connections = 3 });
        var running = load.RunAsync(stop.Token);
        await load.ReachAsync(100).WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(load.Ended >= 100);
        await load.ReachFurtherAsync(50).WaitAsync(TestContext.Current.CancellationToken);
        var tooMany = load.ReachAsync(long.MaxValue);
        await stop.CancelAsync();
        await running;
        await Assert.ThrowsAsync<InvalidOperationException>(() => tooMany);
        await Assert.ThrowsAsync<InvalidOperationException>(() => load.ReachAsync(long.MaxValue));
    }

    [Fact(Timeout = Limit)]
    public async Task Requests_of_the_warm_up_count_in_everything_but_the_latencies()
    {
        await using var server = new ScriptedServer();
        var options = new LoadOptions { Target = server.Address, Connections = 1, Count = 10, WarmUp = TimeSpan.FromMinutes(5) };
        var report = await new KeepAliveLoad(options).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(10, report.Succeeded);
        Assert.Equal(10, report.Answers.Count);
        Assert.Equal(0, report.Latencies.Count);
    }

    [Fact(Timeout = Limit)]
    public async Task A_load_that_sent_nothing_is_not_flawless()
    {
        await using var server = new ScriptedServer();
        var options = new LoadOptions { Target = server.Address, Connections = 2 };
        var report = await new KeepAliveLoad(options).RunAsync(new CancellationToken(canceled: true)).WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, report.Requests);
        Assert.False(report.IsFlawless);
    }

    [Theory]
    [InlineData("https://127.0.0.1/", 1, 1)]
    [InlineData("http://127.0.0.1/", 0, 1)]
    [InlineData("http://127.0.0.1/", 1, 0)]
    public void Options_that_make_no_sense_are_refused(string target, int connections, int count) =>
        Assert.Throws<ArgumentException>(
            () => new KeepAliveLoad(new LoadOptions { Target = new Uri(target), Connections = connections, Count = count }));

    private static Task<LoadReport> RunAsync(
        ScriptedServer server, int count, int connections = 1, TimeSpan? timeout = null,
        ConnectionUse use = ConnectionUse.Kept, CancellationToken cancel = default) =>
        new KeepAliveLoad(new LoadOptions
        {
            Target = server.Address,
            Connections = connections,
            Count = count,
            Use = use,
            Timeout = timeout ?? TimeSpan.FromSeconds(20),
        }).RunAsync(cancel);
}
