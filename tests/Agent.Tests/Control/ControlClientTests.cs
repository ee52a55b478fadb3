using System.Net.Sockets;
using BlueGreen.Agent.Control;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Tests.Health;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Control;

public sealed class ControlClientTests : IAsyncDisposable
{
    private readonly ControlBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task Status_reload_and_stop_reach_the_front()
    {
        await _bench.OpenAsync();

        var status = await _bench.Client.StatusAsync(Token);
        var reloaded = await _bench.Client.ReloadAsync(Token);
        var stopped = await _bench.Client.StopAsync(Token);

        Assert.Equal((Environment.ProcessId, ControlBench.StartedAt), (status.Pid, status.StartedAt));
        Assert.Equal(_bench.Reloaded.Applied, reloaded.Applied);
        Assert.Equal(Environment.ProcessId, stopped.Pid);
        Assert.True(_bench.WasStopped);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deployment_is_followed_to_its_end()
    {
        await _bench.OpenAsync();
        var following = _bench.Client.DeployAsync("web", new DeployOrder { Source = _bench.Deployments.Source("v1"), Label = "first" }, Token)
            .ToListAsync(Token).AsTask();
        await Eventually.TrueAsync(() => _bench.Deployments.Coordinator.Running(_bench.Deployments.App) is not null);
        await _bench.Deployments.AnswerAsync(_bench.Deployments.Coordinator.Running(_bench.Deployments.App)!);

        var events = await following;

        Assert.Equal(
            ["fetching", "preparing", "starting", "probing", "switched", "draining", "completed"], events.Select(told => told.Event));
        Assert.Equal((1, "first"), (events[^1].Release, events[^1].Label));
        var stored = Assert.Single(await _bench.Client.ReleasesAsync("web", Token));
        Assert.Equal((1, "first", "active", false), (stored.Release, stored.Label, stored.Role, stored.RollbackTarget));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_releases_name_the_rollback_target()
    {
        await _bench.OpenAsync();
        await _bench.Deployments.DeployAsync("v1");
        var old = _bench.Deployments.App.Active!;
        await Deployments.DeploymentBench.ReachedAsync(await _bench.Deployments.DeployAsync("v2"), "completed");
        await old.RetirementEnd.WaitAsync(Token);

        var stored = await _bench.Client.ReleasesAsync("web", Token);

        Assert.Equal([(2, "active", false), (1, null, true)], stored.Select(one => (one.Release, one.Role, one.RollbackTarget)));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_workers_print_comes_as_lines()
    {
        await _bench.OpenAsync();
        var logs = Directory.CreateDirectory(_bench.Deployments.Directory.LogsOf("web")).FullName;
        await File.WriteAllTextAsync(Path.Combine(logs, "web.1.1.log"), "a\nb\nc\n", Token);

        Assert.Equal(["web.1.1 | b", "web.1.1 | c"], await _bench.Client.LogsAsync("web", 1, 2, follow: false, Token).ToListAsync(Token));

        await using var following = _bench.Client.LogsAsync("web", 1, 1, follow: true, Token).GetAsyncEnumerator(Token);
        Assert.True(await following.MoveNextAsync());
        Assert.Equal("web.1.1 | c", following.Current);
        await File.AppendAllTextAsync(Path.Combine(logs, "web.1.1.log"), "d\n", Token);
        Assert.True(await following.MoveNextAsync());
        Assert.Equal("web.1.1 | d", following.Current);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_unknown_app_is_refused_with_those_there_are()
    {
        await _bench.OpenAsync();
        Func<Task>[] asks =
        [
            () => _bench.Client.ReleasesAsync("n e", Token),
            async () => await _bench.Client.RestartAsync("n e", Token).ToListAsync(Token),
            async () => await _bench.Client.RollbackAsync("n e", new RollbackOrder(), Token).ToListAsync(Token),
            async () => await _bench.Client.DeployAsync("n e", new DeployOrder { Source = "/x" }, Token).ToListAsync(Token),
            async () => await _bench.Client.LogsAsync("n e", null, 1, follow: false, Token).ToListAsync(Token),
        ];

        foreach (var ask in asks)
        {
            var refusal = await Assert.ThrowsAsync<UserError>(ask);
            Assert.Equal("there is no app 'n e'; this front has: web", refusal.Message);
            Assert.Equal(ExitCodes.Refused, refusal.ExitCode);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task What_the_front_refuses_comes_with_its_reason()
    {
        await _bench.OpenAsync();

        var refusal = await Assert.ThrowsAsync<UserError>(
            async () => await _bench.Client.RollbackAsync("web", new RollbackOrder { Release = 9 }, Token).ToListAsync(Token));

        Assert.Equal(("web has no release 9; it has none", ExitCodes.Refused), (refusal.Message, refusal.ExitCode));
    }

    [Fact(Timeout = 30_000)]
    public async Task Where_no_front_listens_the_message_says_how_to_start_one()
    {
        var refusal = await Assert.ThrowsAsync<UserError>(() => _bench.Client.StatusAsync(Token));

        Assert.Equal(
            ($"no front answers at {_bench.SocketPath}; start one with 'bluegreen run', or name its folder with --state", ExitCodes.NoFront),
            (refusal.Message, refusal.ExitCode));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"pid\":1,")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"err")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\nno")]
    [InlineData("220 smtp\r\n")]
    public async Task A_front_that_dies_in_its_answer_went_away(string answer)
    {
        using var folder = new TemporaryFolder();
        await using var front = RawWorker.Start(_ => answer, new UnixDomainSocketEndPoint(folder["c.sock"]));
        using var client = new ControlClient(folder["c.sock"]);

        var refusal = await Assert.ThrowsAsync<UserError>(() => client.StatusAsync(Token));

        Assert.Equal(
            ($"the front at {folder["c.sock"]} went away before it had answered; its log says why", ExitCodes.NoFront),
            (refusal.Message, refusal.ExitCode));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("{\"event\":\"fetching\",\"app\":\"web\",\"kind\":\"deploy\",\"at\":\"2026-01-02T03:04:05Z\",\"elapsedMs\":1}\n")]
    [InlineData("{\"event\":\"fet")]
    public async Task Events_that_end_before_the_deployment_does_mean_that_the_front_went_away(string events)
    {
        using var folder = new TemporaryFolder();
        await using var front = RawWorker.Start(
            _ => "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n" + events,
            new UnixDomainSocketEndPoint(folder["c.sock"]));
        using var client = new ControlClient(folder["c.sock"]);

        var refusal = await Assert.ThrowsAsync<UserError>(async () => await client.RestartAsync("web", Token).ToListAsync(Token));

        Assert.Equal(ExitCodes.NoFront, refusal.ExitCode);
    }
}
