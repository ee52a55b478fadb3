using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.Processes;

namespace BlueGreen.Agent.Tests.Deployments.OneOffs;

public sealed class ReleasePhaseTests : IAsyncDisposable
{
    private DeploymentBench Bench { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task It_runs_in_the_release_with_its_environment_before_any_worker_and_after_the_checks()
    {
        Use("sh -c 'echo $BLUEGREEN_TASK $BLUEGREEN_PROCESS $BLUEGREEN_APP $BLUEGREEN_RELEASE $KEY ${PORT-none}; pwd; exit 9'", options => options with
        {
            Env = new Dictionary<string, string> { ["KEY"] = "value" },
            Preflight = new CommandOptions { Command = "true" },
        });

        var deployment = Bench.BeginDeploy("v1");
        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");

        Assert.Equal("releasing", failed.Step);
        Assert.Matches(@"^the release phase failed: exit status 9 after \d\.\d\d s$", failed.Reason);
        Assert.Equal(9, failed.ExitCode);
        string[] printed = ["release release web 1 value none", Path.Combine(Bench.Directory.Releases, "web/1")];
        Assert.Equal(printed, failed.Output);
        var told = await deployment.ReadEventsAsync(Token).ToListAsync(Token);
        Assert.Equal(["fetching", "preparing", "checking", "releasing", "failed"], told.Select(one => one.Event).Distinct());
        Assert.Equal(printed, told.Where(one => one.Event == "releasing").SelectMany(one => one.Output ?? []));
        Assert.Empty(Bench.App.Live);
        Assert.Empty(Bench.Store.List("web"));
        Assert.Null(Bench.Journal.Deployment);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_it_prints_is_told_while_it_runs_and_the_workers_start_when_it_has_ended()
    {
        Use($"sh -c 'echo half; until [ -e {Gate} ]; do sleep 0.01; done; printf whole'");

        var deployment = Bench.BeginDeploy("v1");
        await DeploymentBench.ReachedAsync(deployment, told => told.Output is ["half"]);
        var journaled = Bench.Journal.Deployment!;
        Assert.Equal(("releasing", 1), (journaled.Step, journaled.Release));
        Assert.Equal(Agent.Workers.RunningWorkers.FindTasks(Bench.Directory.Root).Single().Identity.Pid, journaled.ReleasePhase!.Pid);
        Assert.Empty(Bench.App.Live);
        Open();
        await Bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "switched");

        var told = await deployment.ReadEventsAsync(Token).ToListAsync(Token);
        Assert.Equal(
            ["fetching", "preparing", "releasing", "releasing", "releasing", "starting", "probing", "switched", "draining", "completed"],
            told.Select(one => one.Event));
        Assert.StartsWith("sh -c 'echo half;", told[2].Command, StringComparison.Ordinal);
        Assert.Equal(["half", "whole"], told.SelectMany(one => one.Output ?? []));
        // Of what goes out only the step is told, not each line.
        await Eventually.TrueAsync(() => Bench.Published.LastOrDefault() is { Event: "completed" });
        Assert.Null(Assert.Single(Bench.Published, one => one.Event == "releasing").Output);
        Assert.NotNull(Bench.Audit.Last(1, "web").Single().Durations!.ReleaseMs);
    }

    [Fact(Timeout = 60_000)]
    public async Task When_its_time_is_over_it_may_roll_back_before_it_is_killed()
    {
        Use("sh -c 'trap \"echo rolled back; exit 0\" TERM; echo begun; sleep 600 & wait'", timeout: TimeSpan.FromSeconds(0.5));

        var failed = await DeploymentBench.ReachedAsync(Bench.BeginDeploy("v1"), "failed");

        Assert.Equal("the release phase had not ended within 0.5 s (processes.release.timeout)", failed.Reason);
        Assert.Null(failed.ExitCode);
        Assert.Equal(["begun", "rolled back"], failed.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_time_of_a_deployment_counts_for_it_too()
    {
        Use("sh -c 'trap \"echo rolled back; exit 0\" TERM; echo begun; sleep 600 & wait'");

        var failed = await DeploymentBench.ReachedAsync(
            Bench.Begin(new DeploymentRequest.Deploy(Bench.Address("v1"), null, null) { Timeout = TimeSpan.FromSeconds(1) }), "failed");

        Assert.Equal(("releasing", "it had not switched within 1 s (--timeout); it was still at releasing"), (failed.Step, failed.Reason));
        Assert.Equal(["begun", "rolled back"], failed.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_cannot_be_run_fails_the_deployment()
    {
        Use("./none");

        var failed = await DeploymentBench.ReachedAsync(Bench.BeginDeploy("v1"), "failed");

        Assert.Equal(("releasing", "the program none does not exist; correct the command"), (failed.Step, failed.Reason));
    }

    [Fact(Timeout = 60_000)]
    public async Task More_than_a_log_has_room_for_is_not_told()
    {
        Use("sh -c 'head -c 3000000 /dev/zero | tr \"\\0\" x | fold -w 100; exit 1'");

        var deployment = Bench.BeginDeploy("v1");
        var failed = await DeploymentBench.ReachedAsync(deployment, "failed");

        var lines = await deployment.ReadEventsAsync(Token).Where(told => told.Event == "releasing").SelectMany(told => told.Output ?? []).ToListAsync(Token);
        Assert.InRange(lines.Sum(line => line.Length), 1_000_000, 2_200_000);
        Assert.Equal("(too much to show: 'bluegreen logs --release 1' has the rest)", lines[^1]);
        Assert.Equal(20, failed.Output!.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Restarts_and_rollbacks_have_none_unless_a_rollback_asks_for_it()
    {
        Use("sh -c 'echo $BLUEGREEN_RELEASE >>$RUNS'", options => options with { Env = new Dictionary<string, string> { ["RUNS"] = Bench.Folder["runs"] } });
        await Bench.DeployAsync("v1");
        await SettledAsync();
        await Bench.DeployAsync("v2");
        await SettledAsync();
        await PromoteAsync(new DeploymentRequest.Restart());
        await PromoteAsync(new DeploymentRequest.Rollback(null));
        Assert.Equal(["1", "2"], Runs);

        await PromoteAsync(new DeploymentRequest.Rollback(2) { ReleasePhase = true });

        Assert.Equal(["1", "2", "2"], Runs);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rollback_that_asks_for_one_needs_a_release_that_has_one()
    {
        Use(null);
        await Bench.DeployAsync("v1");
        await Bench.DeployAsync("v2");

        Assert.Equal("release 1 of web has no release phase", Bench.Refusal(new DeploymentRequest.Rollback(null) { ReleasePhase = true }));
        Assert.Equal("release 1 of web has no release phase", Bench.Refusal(new DeploymentRequest.Rollback(1) { ReleasePhase = true }));
    }

    [Fact(Timeout = 60_000)]
    public async Task By_hand_and_in_a_deployment_it_never_runs_twice_at_the_same_time()
    {
        Use($"sh -c 'until [ -e {Gate} ]; do sleep 0.01; done'");
        Open();
        await Bench.DeployAsync("v1");
        Close();
        var (byHand, _) = Bench.RunOnce.Begin(Bench.App, new RunOnceRequest("release", []));
        var deployment = Bench.BeginDeploy("v2");
        await DeploymentBench.ReachedAsync(deployment, "releasing");
        await DeploymentBench.ReachedAsync(deployment, told => told.Output is ["(waiting: another release phase of web runs)"]);
        Assert.Single(Tasks());

        byHand!.Stop(RunOnceEnd.Interrupted);
        await byHand.Ended;
        await Eventually.TrueAsync(() => Tasks() is ["release"]);

        Assert.Equal("the release phase of web is running in a deployment", Bench.RunOnce.Begin(Bench.App, new RunOnceRequest("release", [])).Refused!.Reason);
        Open();
        await Bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "switched");
        byHand.Leave();
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_begins_before_what_an_earlier_front_has_left_is_gone()
    {
        Use(null);
        var gone = new TaskCompletionSource();
        Bench.Services.Leftovers.Add("web", gone.Task);
        Bench.Services.Leftovers.Add("api", new TaskCompletionSource().Task);

        var deployment = Bench.BeginDeploy("v1");
        var first = await Task.WhenAny(DeploymentBench.ReachedAsync(deployment, "fetching"), Task.Delay(100, Token));
        Assert.False(first is Task<DeploymentEvent>);
        gone.SetResult();

        await Bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "switched");
    }

    private string Gate => Bench.Folder["gate"];

    private string[] Runs => File.ReadAllLines(Bench.Folder["runs"]);

    private void Open() => File.WriteAllText(Gate, "");

    private void Close() => File.Delete(Gate);

    private string[] Tasks() => [.. Agent.Workers.RunningWorkers.FindTasks(Bench.Directory.Root).Select(task => task.Task)];

    private async Task PromoteAsync(DeploymentRequest request)
    {
        var deployment = Bench.Begin(request);
        await Bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "completed");
        await SettledAsync();
    }

    private Task SettledAsync() => Eventually.TrueAsync(() => Bench.App.Live.Length == 1);

    private void Use(string? release, Func<AppOptions, AppOptions>? change = null, TimeSpan? timeout = null)
    {
        var options = Bench.App.Options;
        if (release is not null)
        {
            var type = new ProcessTypeOptions { Command = release };
            type = timeout is { } limit ? type with { Timeout = limit } : type;
            options = options with { Processes = new Dictionary<string, ProcessTypeOptions> { ["release"] = type } };
        }

        Bench.App.Options = change?.Invoke(options) ?? options;
    }
}
