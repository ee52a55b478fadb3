using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.WarmUps;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Agent.Tests.Deployments.WarmUps;

public sealed class CandidateWarmUpTests : IAsyncDisposable
{
    private DeploymentBench? _bench;

    private DeploymentBench Bench => _bench!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task A_new_worker_is_warmed_up_before_the_switch_and_the_events_tell_of_it()
    {
        Use();
        await Bench.DeployAsync("v1");

        var deployment = Bench.BeginDeploy("v2");
        await using var worker = await AnswerAsync(deployment, _ => 200);
        await DeploymentBench.ReachedAsync(deployment, "completed");

        Assert.Equal(6, worker.Asked.Count);
        var told = await deployment.ReadEventsAsync(Token).ToListAsync(Token);
        Assert.Equal(
            ["fetching", "preparing", "starting", "probing", "warming", "warming", "switched", "draining", "completed"], told.Select(one => one.Event));
        Assert.Equal((1, 6, null), (told[4].Workers, told[4].Requests, told[4].Answered));
        Assert.Equal((1, null, 6, 0), (told[5].Workers, told[5].Requests, told[5].Answered, told[5].Unexpected));
        Assert.True(told[5] is { FirstRoundMs: > 0, LastRoundMs: > 0 });
    }

    [Fact(Timeout = 60_000)]
    public async Task A_page_that_is_not_there_refuses_the_release_and_nothing_of_it_is_left()
    {
        Use();
        await Bench.DeployAsync("v1");

        var deployment = Bench.BeginDeploy("v2", "echo starting up\n" + DeploymentBench.Sleep);
        await using var worker = await AnswerAsync(deployment, path => path == "/products" ? 404 : 200);
        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");
        await Bench.Coordinator.WhenIdleAsync();

        Assert.Equal(("warming", 1), (failed.Step, failed.StillActive));
        Assert.Equal("worker web.2.1 failed its warm-up: GET /products was answered 404", failed.Reason);
        Assert.Equal(["starting up"], failed.Output);
        Assert.Equal(1, Assert.Single(Bench.App.Live).Release.Number);
        Assert.Equal([1], Bench.Store.List("web").Select(release => release.Number));
        Assert.Null(Bench.Journal.Deployment);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_step_is_written_down_before_a_request_is_sent()
    {
        Use();
        await Bench.DeployAsync("v1");
        string? step = null;

        var deployment = Bench.BeginDeploy("v2");
        await using var worker = await AnswerAsync(deployment, path =>
        {
            step ??= path == "/products" ? Bench.Journal.Deployment?.Step : null;
            return 200;
        });
        await DeploymentBench.ReachedAsync(deployment, "completed");

        Assert.Equal("warming", step);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_dies_meanwhile_fails_it_at_once_with_its_end()
    {
        Use(options => options with { WarmUp = options.WarmUp with { For = TimeSpan.FromMinutes(5) } });
        await Bench.DeployAsync("v1");

        var deployment = Bench.BeginDeploy("v2", "echo out of memory\n" + DeploymentBench.Sleep);
        await using var worker = await AnswerAsync(
            deployment, context => context.Request.Path == "/products" ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask);
        await DeploymentBench.ReachedAsync(deployment, "warming");
        await DeploymentBench.CrashAsync(Bench.App.Live.Single(live => live.Release.Number == 2).Workers[0]);
        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");

        Assert.StartsWith("worker web.2.1 ended during its warm-up: killed by SIGKILL after ", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(137, failed.ExitCode);
        Assert.Equal(["out of memory"], failed.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_timeout_of_a_deployment_includes_it()
    {
        Use(options => options with { WarmUp = options.WarmUp with { For = TimeSpan.FromMinutes(5) } });
        await Bench.DeployAsync("v1");

        var deployment = Bench.Begin(new DeploymentRequest.Deploy(Bench.Address("v2"), null, null) { Timeout = TimeSpan.FromSeconds(5) });
        await using var worker = await AnswerAsync(
            deployment, context => context.Request.Path == "/products" ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask);
        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");

        Assert.Equal("it had not switched within 5 s (--timeout); it was still at warming", failed.Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_nothing_serves_there_is_no_warm_up()
    {
        Use();

        Assert.DoesNotContain("warming", await NamesAsync(await Bench.DeployAsync("v1")));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_ends_at_once_when_nothing_serves_any_more()
    {
        Use(options => options with { WarmUp = options.WarmUp with { For = TimeSpan.FromMinutes(5), Rounds = 10_000 } });
        await Bench.DeployAsync("v1");
        var old = Bench.App.Active!;

        var deployment = Bench.BeginDeploy("v2");
        await using var worker = await AnswerAsync(deployment, context => Task.Delay(20, context.RequestAborted));
        await DeploymentBench.ReachedAsync(deployment, "warming");
        await Eventually.TrueAsync(() => worker.Asked.Count > 3);
        await DeploymentBench.CrashAsync(old.Workers[0]);

        await DeploymentBench.ReachedAsync(deployment, "switched");
    }

    [Fact(Timeout = 60_000)]
    public async Task Fresh_workers_of_a_restart_and_a_rollback_are_warmed_up_but_not_refused_for_what_they_answer()
    {
        Use();
        await Bench.DeployAsync("v1");
        var second = Bench.BeginDeploy("v2");
        await using var candidate = await AnswerAsync(second, _ => 200);
        await DeploymentBench.ReachedAsync(second, "completed");
        await Eventually.TrueAsync(() => Bench.App.Live is [{ Role: ReleaseRole.Active }]);

        var restart = Bench.Begin(new DeploymentRequest.Restart());
        await using var restarted = await AnswerAsync(restart, _ => 200);
        Assert.Equal(2, (await NamesAsync(restart)).Count(name => name == "warming"));
        await Eventually.TrueAsync(() => Bench.App.Live is [{ Role: ReleaseRole.Active }]);

        var back = Bench.Begin(new DeploymentRequest.Rollback(null));
        await using var older = await AnswerAsync(back, path => path == "/products" ? 404 : 200);
        var told = await back.ReadEventsAsync(Token).Where(one => one.Event == "warming").LastAsync(Token);

        Assert.Equal(3, told.Unexpected);
        await DeploymentBench.ReachedAsync(back, "switched");
        Assert.Equal(1, Bench.App.Active!.Release.Number);
    }

    [Fact(Timeout = 60_000)]
    public async Task Workers_that_were_kept_running_are_taken_back_as_they_are()
    {
        Use(options => options with { Keep = options.Keep with { Warm = TimeSpan.FromMinutes(10) } });
        await Bench.DeployAsync("v1");
        var second = Bench.BeginDeploy("v2");
        await using var candidate = await AnswerAsync(second, _ => 200);
        await DeploymentBench.ReachedAsync(second, "completed");

        Assert.DoesNotContain("warming", await NamesAsync(Bench.Begin(new DeploymentRequest.Rollback(null))));
    }

    [Fact(Timeout = 60_000)]
    public async Task Paths_that_were_asked_for_lately_are_replayed_and_refuse_nothing()
    {
        Use(options => options with { WarmUp = new WarmUpOptions { Replay = 2, Rounds = 3 } });
        await Bench.DeployAsync("v1");
        for (var i = 0; i < 4; i++)
        {
            Bench.App.Upstream.RecentPaths!.Note("/often?q=SECRET");
            Bench.App.Upstream.RecentPaths.Note(i < 3 ? "/less" : "/least");
        }

        var deployment = Bench.BeginDeploy("v2");
        await using var worker = await AnswerAsync(deployment, path => path == "/often" ? 500 : 200);
        var told = await deployment.ReadEventsAsync(Token).Where(one => one.Event == "warming").ToListAsync(Token);

        Assert.Equal((6, 6, 3), (told[0].Requests, told[1].Answered, told[1].Unexpected));
        Assert.Equal(["GET /less", "GET /often"], worker.Asked.Select(asked => asked.Split(" localhost")[0]).Distinct().Order());
        await DeploymentBench.ReachedAsync(deployment, "switched");
    }

    [Fact]
    public async Task What_is_kept_with_the_paths_is_forgotten_when_it_is_not_allowed_any_more()
    {
        Use(options => options with { WarmUp = new WarmUpOptions { Replay = 2, ReplayQueries = true } });
        var known = Bench.App.Upstream.RecentPaths!;
        Bench.App.Options = Bench.App.Options with { Instances = 2 };
        Assert.Same(known, Bench.App.Upstream.RecentPaths);

        Bench.App.Options = Bench.App.Options with { WarmUp = new WarmUpOptions { Replay = 2 } };
        Assert.NotSame(known, Bench.App.Upstream.RecentPaths);
        Bench.App.Options = Bench.App.Options with { WarmUp = new WarmUpOptions() };
        Assert.Null(Bench.App.Upstream.RecentPaths);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_in_the_place_of_a_dead_one_is_warmed_up_while_another_serves()
    {
        Use(options => options with { Instances = 2 });
        var first = Bench.BeginDeploy("v1");
        await Bench.AnswerAsync(first);
        await DeploymentBench.ReachedAsync(first, "completed");
        var live = Bench.App.Active!;
        LiveWorker[] both = [.. live.Workers];

        await DeploymentBench.CrashAsync(both[0]);
        var next = await DeploymentBench.NextWorkerAsync(live, both);
        var outOfRotation = true;
        await using var worker = await WarmWorker.StartAsync(next.Process.EndPoint, path =>
        {
            outOfRotation &= path != "/products" || next.Backend is null;
            return path == "/products" ? 500 : 200;
        });

        await Bench.InRotationAsync(both[1], next);
        Assert.Equal(6, worker.Asked.Count);
        Assert.True(outOfRotation);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_only_worker_serves_at_once()
    {
        Use();
        var first = Bench.BeginDeploy("v1");
        await Bench.AnswerAsync(first);
        await DeploymentBench.ReachedAsync(first, "completed");
        var live = Bench.App.Active!;
        var dead = live.Workers[0];

        await DeploymentBench.CrashAsync(dead);
        var next = await DeploymentBench.NextWorkerAsync(live, dead);
        await using var worker = await WarmWorker.StartAsync(next.Process.EndPoint, _ => 200);

        await Bench.InRotationAsync(next);
        Assert.Empty(worker.Asked);
    }

    private void Use(Func<AppOptions, AppOptions>? change = null) => _bench = new DeploymentBench(options =>
    {
        options = options with { WarmUp = new WarmUpOptions { Requests = [new("GET", "/"), new("GET", "/products")], Rounds = 3 } };
        return change?.Invoke(options) ?? options;
    });

    private static async Task<IReadOnlyList<string>> NamesAsync(Deployment deployment) =>
        await deployment.ReadEventsAsync(Token).Select(told => told.Event).ToListAsync(Token);

    private Task<WarmWorker> AnswerAsync(Deployment deployment, Func<string, int> status) => AnswerAsync(deployment, context =>
    {
        context.Response.StatusCode = status(context.Request.Path);
        return Task.CompletedTask;
    });

    private async Task<WarmWorker> AnswerAsync(Deployment deployment, RequestDelegate answer)
    {
        await DeploymentBench.ReachedAsync(deployment, "probing");
        var candidate = Assert.Single(Bench.App.Live, live => live.Role == ReleaseRole.Candidate);
        return await WarmWorker.StartAsync(candidate.Workers[0].Process.EndPoint, answer);
    }
}
