using System.Text.Json;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class CandidateCheckTests : IAsyncDisposable
{
    private DeploymentBench? _bench;

    private DeploymentBench Bench => _bench!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task A_preflight_runs_in_the_release_with_its_environment_before_any_worker()
    {
        Use(options => options with
        {
            Env = new Dictionary<string, string> { ["KEY"] = "value" },
            Preflight = new CommandOptions { Command = "sh -c 'echo $BLUEGREEN_APP $BLUEGREEN_RELEASE $BLUEGREEN_LABEL $KEY; pwd; ls; exit 9'" },
        });

        var failed = await DeploymentBench.ReachedAsync(Bench.BeginDeploy("v1"), "failed");

        Assert.Equal("checking", failed.Step);
        Assert.Matches(@"^preflight refused it: exit status 9 after \d\.\d\d s$", failed.Reason);
        Assert.Equal(9, failed.ExitCode);
        Assert.Equal(["web 1 v1 value", Path.Combine(Bench.Directory.Releases, "web/1"), "v1"], failed.Output);
        Assert.Empty(Bench.App.Live);
        Assert.Empty(Bench.Store.List("web"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_passes_is_started_and_the_event_says_what_was_asked()
    {
        Use(options => options with { Preflight = new CommandOptions { Command = "echo fine" } });

        var deployment = await Bench.DeployAsync("v1");

        var told = await deployment.ReadEventsAsync(Token).ToListAsync(Token);
        Assert.Equal(["fetching", "preparing", "checking", "starting", "probing", "switched", "draining", "completed"], told.Select(one => one.Event));
        Assert.Equal(("preflight", "echo fine", 1), (told[2].Check, told[2].Command, told[2].Release));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_preflight_that_does_not_end_is_killed_when_its_time_is_over()
    {
        Use(options => options with
        {
            Preflight = new CommandOptions { Command = "sh -c 'echo waiting for godot; exec sleep 600'", Timeout = TimeSpan.FromSeconds(0.5) },
        });

        var failed = await DeploymentBench.ReachedAsync(Bench.BeginDeploy("v1"), "failed");

        Assert.Equal("preflight had not ended within 0.5 s (preflight.timeout)", failed.Reason);
        Assert.Equal(["waiting for godot"], failed.Output);
        Assert.Null(failed.ExitCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("./none", "none")]
    [InlineData("./v1 --port $PORT", "$PORT, which is not set")]
    public async Task A_preflight_that_cannot_be_run_fails_the_deployment(string command, string reason)
    {
        Use(options => options with { Preflight = new CommandOptions { Command = command } });

        var failed = await DeploymentBench.ReachedAsync(Bench.BeginDeploy("v1"), "failed");

        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_has_served_before_is_not_checked_again()
    {
        Use(options => options);
        await Bench.DeployAsync("v1");
        await Bench.DeployAsync("v2");
        await Eventually.TrueAsync(() => Bench.App.Live.Length == 1);
        Bench.App.Options = Bench.App.Options with { Preflight = new CommandOptions { Command = "false" } };

        var rollback = Bench.Begin(new DeploymentRequest.Rollback(null));
        await Bench.AnswerAsync(rollback);
        await DeploymentBench.ReachedAsync(rollback, "switched");
        var restart = Bench.Begin(new DeploymentRequest.Restart());
        await Bench.AnswerAsync(restart);
        await DeploymentBench.ReachedAsync(restart, "switched");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_hook_before_hears_of_the_deployment_and_may_refuse_it()
    {
        Use(options => options with
        {
            Preflight = new CommandOptions { Command = "true" },
            Hooks = new HookOptions { Before = "cat >input; echo \"$BLUEGREEN_DEPLOYMENT\" >variable; echo $BLUEGREEN_EVENT $BLUEGREEN_APP $BLUEGREEN_RELEASE; exit 4", Directory = Bench.Folder.Path },
        });
        var source = Bench.Source("v1");

        var failed = await DeploymentBench.ReachedAsync(
            Bench.Begin(new DeploymentRequest.Deploy(new SourceAddress.Local(source), "label", null) { By = new Actor(1000, "anna") }), "failed");

        Assert.Equal("checking", failed.Step);
        Assert.StartsWith("hook before refused it: exit status 4 after ", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(["before web 1"], failed.Output);
        foreach (var file in new[] { "input", "variable" })
        {
            var told = JsonSerializer.Deserialize(await File.ReadAllTextAsync(Bench.Folder[file], Token), ControlJson.Lines.DeploymentEvent)!;
            Assert.Equal(("before", "web", "deploy", 1, "label"), (told.Event, told.App, told.Kind, told.Release, told.Label));
            Assert.Equal((source, "cli", new ActorReport(1000, "anna")), (told.Source, told.Trigger, told.By));
            Assert.StartsWith("sha256:", told.Digest, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_hook_before_may_refuse_a_rollback_of_a_person_but_none_of_the_fronts()
    {
        Use(options => options with { Probation = TimeSpan.FromMinutes(5) });
        await Bench.DeployAsync("v1");
        var first = Bench.App.Active!;
        var deployed = await Bench.DeployAsync("v2");
        await DeploymentBench.ReachedAsync(deployed, "completed");
        Bench.App.Options = Bench.App.Options with { Hooks = new HookOptions { Before = "exit 1" } };

        var failed = await DeploymentBench.ReachedAsync(Bench.Begin(new DeploymentRequest.Restart()), "failed");
        Assert.Equal(("checking", "restart"), (failed.Step, failed.Kind));

        await DeploymentBench.CrashAsync(Bench.App.Active!.Workers[0]);
        await Eventually.TrueAsync(() => Bench.App.Active == first);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rollback_to_workers_that_still_run_asks_the_hook_too()
    {
        Use(options => options with
        {
            Keep = new KeepOptions { Warm = TimeSpan.FromMinutes(10) },
            Hooks = new HookOptions { Before = "test ! -e refuse", Directory = Bench.Folder.Path },
        });
        await Bench.DeployAsync("v1");
        var first = Bench.App.Active!;
        await Bench.DeployAsync("v2");
        await Eventually.TrueAsync(() => first.Role == ReleaseRole.Standby);

        var rollback = Bench.Begin(new DeploymentRequest.Rollback(null));
        await DeploymentBench.ReachedAsync(rollback, "switched");

        var names = await rollback.ReadEventsAsync(Token).Select(told => told.Event).Take(3).ToListAsync(Token);
        Assert.Equal(["checking", "probing", "switched"], names);
        Assert.Same(first, Bench.App.Active);
    }

    private void Use(Func<AppOptions, AppOptions> change)
    {
        _bench = new DeploymentBench();
        Bench.App.Options = change(Bench.App.Options);
    }
}
