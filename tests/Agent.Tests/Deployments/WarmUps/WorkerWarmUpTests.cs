using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BlueGreen.Agent.Deployments.WarmUps;
using BlueGreen.Agent.Tests.Health;
using BlueGreen.Agent.Tests.Releases;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Agent.Tests.Deployments.WarmUps;

public sealed class WorkerWarmUpTests
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 20_000)]
    public async Task Each_request_is_sent_in_each_round_over_as_many_kept_connections_as_are_allowed()
    {
        var endPoint = Free();
        await using var worker = await WarmWorker.StartAsync(endPoint, context => Task.Delay(2, context.RequestAborted));

        var figures = Figures(await RunAsync(endPoint, Options with { Rounds = 10, Concurrency = 3 }, new("GET", "/a?b=%20c"), new("HEAD", "/%2E/"), new("GET", "/c")));

        Assert.Equal((30, 0), (figures.Answered, figures.Unexpected));
        Assert.True(figures is { FirstRound.Ticks: > 0, LastRound.Ticks: > 0 });
        Assert.Equal(30, worker.Asked.Count);
        Assert.Equal(10, worker.Asked.Count(asked => asked == "GET /a?b=%20c shop.example bluegreen-warmup"));
        Assert.Equal(10, worker.Asked.Count(asked => asked.StartsWith("HEAD /", StringComparison.Ordinal)));
        Assert.InRange(worker.Connections, 1, 3);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_worker_on_a_socket_is_warmed_up_too()
    {
        using var folder = new TemporaryFolder();
        var endPoint = new UnixDomainSocketEndPoint(folder["w.sock"]);
        await using var worker = await WarmWorker.StartAsync(endPoint, _ => 200);

        Assert.Equal(20, Figures(await RunAsync(endPoint, Options with { Rounds = 20 }, new WarmUpRequest("GET", "/"))).Answered);
        Assert.Equal(20, worker.Asked.Count);
    }

    [Theory(Timeout = 20_000)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_status_that_is_not_allowed_refuses_the_worker_at_once(int status)
    {
        var endPoint = Free();
        await using var worker = await WarmWorker.StartAsync(endPoint, path => path == "/bad" ? status : 200);

        var verdict = await RunAsync(endPoint, Options with { Rounds = 1000, Concurrency = 1 }, new("GET", "/good"), new("GET", "/bad"));

        Assert.Equal($"GET /bad was answered {status}", Assert.IsType<WarmUpVerdict.Refused>(verdict).What);
        Assert.Equal(2, worker.Asked.Count);
    }

    [Fact(Timeout = 20_000)]
    public async Task What_is_allowed_is_for_the_user_to_say_and_redirects_are_not_followed()
    {
        var endPoint = Free();
        await using var worker = await WarmWorker.StartAsync(endPoint, context =>
        {
            context.Response.StatusCode = context.Request.Path == "/gone" ? 410 : 302;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });

        Assert.IsType<WarmUpVerdict.Warm>(await RunAsync(endPoint, Options, new WarmUpRequest("GET", "/moved")));
        Assert.IsType<WarmUpVerdict.Warm>(await RunAsync(endPoint, Options with { Statuses = [new(410, 410)] }, new WarmUpRequest("GET", "/gone")));
        Assert.IsType<WarmUpVerdict.Refused>(await RunAsync(endPoint, Options with { Statuses = [new(410, 410)] }, new WarmUpRequest("GET", "/moved")));
        Assert.DoesNotContain(worker.Asked, asked => asked.Contains("elsewhere", StringComparison.Ordinal));
    }

    [Fact(Timeout = 20_000)]
    public async Task What_need_not_succeed_is_only_counted_with_the_first_example()
    {
        var endPoint = Free();
        await using var worker = await WarmWorker.StartAsync(endPoint, path => path == "/lost" ? 404 : 200);

        var figures = Figures(await RunAsync(
            endPoint, Options with { Rounds = 5 }, new("GET", "/"), new WarmUpRequest("GET", "/lost") with { MustSucceed = false }));

        Assert.Equal((10, 5, "GET /lost was answered 404"), (figures.Answered, figures.Unexpected, figures.Example));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_broken_connection_refuses_the_worker()
    {
        await using var worker = RawWorker.Start(_ => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it");

        var verdict = await RunAsync(worker.EndPoint, Options, new WarmUpRequest("GET", "/"));

        Assert.StartsWith("GET / was not answered: The response ended prematurely", Assert.IsType<WarmUpVerdict.Refused>(verdict).What, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_worker_that_closes_each_connection_after_its_answer_is_fine()
    {
        await using var worker = RawWorker.Start(_ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal(20, Figures(await RunAsync(worker.EndPoint, Options with { Rounds = 20 }, new WarmUpRequest("GET", "/"))).Answered);
    }

    [Fact(Timeout = 20_000)]
    public async Task Nobody_there_refuses_the_worker()
    {
        var verdict = await RunAsync(Free(), Options, new WarmUpRequest("GET", "/"));

        Assert.Equal("GET / was not answered: connection refused", Assert.IsType<WarmUpVerdict.Refused>(verdict).What);
    }

    [Fact(Timeout = 20_000)]
    public async Task Its_time_ends_it_and_what_was_answered_by_then_counts()
    {
        var endPoint = Free();
        await using var worker = await WarmWorker.StartAsync(
            endPoint, context => context.Request.Path == "/slow" ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask);

        var figures = Figures(await RunAsync(
            endPoint, Options with { For = TimeSpan.FromSeconds(1), Concurrency = 2 }, new("GET", "/"), new("GET", "/slow")));

        Assert.True(figures.Answered >= 1);
        Assert.Equal(0, figures.Unexpected);
        Assert.Null(figures.LastRound);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_worker_that_answers_nothing_in_its_time_is_refused()
    {
        await using var worker = RawWorker.Start(_ => null);

        var verdict = await RunAsync(worker.EndPoint, Options with { For = TimeSpan.FromMilliseconds(200) }, new WarmUpRequest("GET", "/"));

        Assert.Equal("GET / had no answer within 0.2 s (warmup.for)", Assert.IsType<WarmUpVerdict.Refused>(verdict).What);
    }

    [Fact(Timeout = 20_000)]
    public async Task The_end_of_its_process_ends_it_at_once()
    {
        await using var worker = RawWorker.Start(_ => null);
        var exited = new TaskCompletionSource();

        var running = new WorkerWarmUp(Options, "x", [new("GET", "/")], TimeProvider.System).RunAsync(worker.EndPoint, exited.Task, Never, Token);
        await Eventually.TrueAsync(() => worker.Asked.Count > 0);
        exited.SetResult();

        Assert.IsType<WarmUpVerdict.Exited>(await running);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_worker_that_dies_amid_a_request_has_ended_rather_than_broken_off()
    {
        var exited = new TaskCompletionSource();
        await using var worker = RawWorker.Start(request =>
        {
            // The connection breaks first.
            _ = Task.Delay(20, Token).ContinueWith(_ => exited.TrySetResult(), Token, TaskContinuationOptions.None, TaskScheduler.Default);
            return "";
        });

        Assert.IsType<WarmUpVerdict.Exited>(
            await new WorkerWarmUp(Options, "x", [new("GET", "/")], TimeProvider.System).RunAsync(worker.EndPoint, exited.Task, Never, Token));
    }

    [Fact(Timeout = 20_000)]
    public async Task It_ends_early_and_well_when_it_is_enough()
    {
        var endPoint = Free();
        await using var worker = await WarmWorker.StartAsync(endPoint, _ => 200);
        var enough = new TaskCompletionSource();

        var running = new WorkerWarmUp(Options with { Rounds = 10_000, For = TimeSpan.FromMinutes(10) }, "x", [new("GET", "/")], TimeProvider.System)
            .RunAsync(endPoint, Never, enough.Task, Token);
        await Eventually.TrueAsync(() => worker.Asked.Count > 10);
        enough.SetResult();

        Assert.InRange(Figures(await running).Answered, 5, 9_999);
    }

    [Fact(Timeout = 20_000)]
    public async Task Who_gives_up_is_told_so()
    {
        await using var worker = RawWorker.Start(_ => null);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new WorkerWarmUp(Options, "x", [new("GET", "/")], TimeProvider.System).RunAsync(worker.EndPoint, Never, Never, cancel.Token));
    }

    [Fact(Timeout = 20_000)]
    public async Task Of_an_endless_body_only_the_beginning_is_read()
    {
        var endPoint = Free();
        await using var worker = await WarmWorker.StartAsync(endPoint, async context =>
        {
            var piece = new byte[64 * 1024];
            while (true)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            }
        });
        var started = Stopwatch.GetTimestamp();

        var figures = Figures(await RunAsync(endPoint, Options with { Rounds = 2, For = TimeSpan.FromSeconds(15) }, new WarmUpRequest("GET", "/")));

        Assert.Equal(2, figures.Answered);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15));
    }

    private static WarmUpOptions Options => new() { Concurrency = 2, Rounds = 2, For = TimeSpan.FromSeconds(10) };

    private static WarmUpFigures Figures(WarmUpVerdict verdict) => Assert.IsType<WarmUpVerdict.Warm>(verdict).Figures;

    private static Task<WarmUpVerdict> RunAsync(EndPoint worker, WarmUpOptions options, params WarmUpRequest[] requests) =>
        new WorkerWarmUp(options, "shop.example", requests, TimeProvider.System).RunAsync(worker, Never, Never, Token);

    private static IPEndPoint Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
