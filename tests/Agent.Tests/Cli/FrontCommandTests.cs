using System.Text.Json;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Tests.Control;
using BlueGreen.Agent.Tests.Deployments;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Cli;

/// <summary>The real program against a control socket of the test.</summary>
public sealed class FrontCommandTests : IAsyncLifetime
{
    private readonly ControlBench _bench = new();
    private readonly TemporaryFolder _folder = new();

    private DeploymentBench Deployments => _bench.Deployments;

    public async ValueTask InitializeAsync() => await _bench.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deploy_prints_its_steps_and_exits_with_0()
    {
        await using var deploy = Start("deploy", Deployments.Source("v1"));
        await AnswerAsync();

        var (exitCode, output, errors) = await deploy.EndAsync();

        Assert.Equal((ExitCodes.Done, ""), (exitCode, errors));
        Assert.Matches(
            @"^web: fetching /.*/v1\nweb: preparing sha256:[0-9a-f]{12}\nweb: starting release 1 \(v1\): 1 worker of .*\nweb: probing 1 worker\n"
            + @"web: switched to release 1 \(v1\) after \d+ ms \(ready after \d+ ms\)\nweb: draining\nweb: completed: nothing was in flight on the old release\n$",
            output);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deploy_in_json_prints_one_event_a_line()
    {
        await using var deploy = Start("deploy", Deployments.Source("v1"), "--json", "--label", "first");
        await AnswerAsync();

        var (exitCode, output, _) = await deploy.EndAsync();

        Assert.Equal(ExitCodes.Done, exitCode);
        var events = output.TrimEnd('\n').Split('\n').Select(line => JsonSerializer.Deserialize(line, ControlJson.Lines.DeploymentEvent)!).ToArray();
        Assert.Equal(["fetching", "preparing", "starting", "probing", "switched", "draining", "completed"], events.Select(told => told.Event));
        Assert.Equal("first", events[^1].Label);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failed_deploy_says_why_and_exits_with_1()
    {
        var (exitCode, output, errors) = await RunAsync("deploy", Deployments.Source("bad", "echo no database; exit 3\n"));

        Assert.Equal((ExitCodes.Failed, ""), (exitCode, errors));
        Assert.Matches(
            @"\nweb: failed at probing: worker web\.1\.1 ended before it was healthy: exit status 3 after \d+\.\d\d s\n    no database\nweb: nothing serves\n$",
            output);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_detached_deploy_returns_at_once_and_goes_on()
    {
        var (exitCode, output, _) = await RunAsync("deploy", Deployments.Source("v1"), "--detach");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.StartsWith("web: fetching ", Assert.Single(output.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        var running = Deployments.Coordinator.Running(Deployments.App)!;
        await Deployments.AnswerAsync(running);
        await DeploymentBench.ReachedAsync(running, "completed");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_detached_deploy_that_fails_at_once_exits_with_1()
    {
        // The state cannot be written, so not even the first step is taken.
        Directory.CreateDirectory(Path.Combine(Deployments.Directory.Root, "state.json.tmp"));

        var (exitCode, output, _) = await RunAsync("deploy", Deployments.Source("v1"), "--detach");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.StartsWith("web: failed at accepted: cannot write ", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_busy_app_refuses_the_second_deploy_with_4()
    {
        var running = Deployments.BeginDeploy("v1");
        await DeploymentBench.ReachedAsync(running, "probing");

        var (exitCode, output, errors) = await RunAsync("deploy", Deployments.Source("v2"));

        Assert.Equal((ExitCodes.Refused, ""), (exitCode, output));
        Assert.StartsWith("bluegreen: another deployment of web is running: deploy of ", errors, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("rollback 9", "web has no release 9; it has none")]
    [InlineData("rollback", "web has no earlier release to roll back to")]
    [InlineData("restart", "web has no active release; deploy one first")]
    [InlineData("releases --app api", "there is no app 'api'; this front has: web")]
    [InlineData("logs --app api", "there is no app 'api'; this front has: web")]
    [InlineData("restart --app api --json", "there is no app 'api'; this front has: web")]
    public async Task What_the_front_refuses_exits_with_4(string arguments, string reason)
    {
        var result = await RunAsync(arguments.Split(' '));

        Assert.Equal((ExitCodes.Refused, "", $"bluegreen: {reason}\n"), result);
    }

    [Fact(Timeout = 60_000)]
    public async Task Interrupting_a_deploy_does_not_stop_it()
    {
        await using var deploy = Start("deploy", Deployments.Source("v1"));
        await deploy.PrintedAsync("web: probing");

        await deploy.SignalAsync("INT");
        var (exitCode, _, errors) = await deploy.EndAsync();

        Assert.Equal(
            (ExitCodes.Interrupted, "bluegreen: interrupted; the deployment goes on in the front, 'bluegreen status' shows it\n"), (exitCode, errors));
        var running = Deployments.Coordinator.Running(Deployments.App)!;
        await Deployments.AnswerAsync(running);
        await DeploymentBench.ReachedAsync(running, "switched");
    }

    [Fact(Timeout = 60_000)]
    public async Task Interrupting_a_stop_is_no_crash()
    {
        // The front of this test has the pid of the tests, which does not end.
        await using var stop = Start("stop");
        await Eventually.TrueAsync(() => _bench.WasStopped);

        await stop.SignalAsync("INT");

        Assert.Equal((ExitCodes.Interrupted, "", "bluegreen: interrupted\n"), await stop.EndAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Interrupting_is_how_following_logs_ends()
    {
        var logs = Directory.CreateDirectory(Deployments.Directory.LogsOf("web")).FullName;
        File.WriteAllText(Path.Combine(logs, "web.1.1.log"), "hello\n");
        await using var following = Start("logs", "--follow");
        await following.PrintedAsync("web.1.1 | hello\n");

        await following.SignalAsync("INT");

        Assert.Equal((ExitCodes.Done, "web.1.1 | hello\n", ""), await following.EndAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Status_is_for_people_or_for_scripts()
    {
        var (_, text, _) = await RunAsync("status");
        var (_, json, _) = await RunAsync("status", "--json");

        Assert.StartsWith($"bluegreen 1.2.3, pid {Environment.ProcessId}, since ", text, StringComparison.Ordinal);
        Assert.Equal(
            $$"""{"pid":{{Environment.ProcessId}},"version":"1.2.3","startedAt":"2026-01-02T03:04:05+00:00","listen":["http://127.0.0.1:8080"],"apps":[]}""" + "\n",
            json);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_prints_what_changed_or_what_is_wrong()
    {
        Assert.Equal((ExitCodes.Done, "web: instances 1 -> 2\n", ""), await RunAsync("reload"));

        _bench.Reloaded = new ReloadReport([], [], []);
        Assert.Equal((ExitCodes.Done, "nothing has changed\n", ""), await RunAsync("reload"));

        _bench.Reloaded = new ReloadReport([], [], ["bluegreen.yaml:1:1: wrong"]);
        Assert.Equal((ExitCodes.Usage, "", "bluegreen: bluegreen.yaml:1:1: wrong\n"), await RunAsync("reload"));
        Assert.Equal(
            (ExitCodes.Usage, """{"applied":[],"needsRestart":[],"errors":["bluegreen.yaml:1:1: wrong"]}""" + "\n", "bluegreen: bluegreen.yaml:1:1: wrong\n"),
            await RunAsync("reload", "--json"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Releases_are_listed_newest_first()
    {
        await DeploymentBench.ReachedAsync(await Deployments.DeployAsync("v1"), "completed");
        await DeploymentBench.ReachedAsync(await Deployments.DeployAsync("v2"), "completed");

        var (exitCode, text, _) = await RunAsync("releases");
        var (_, json, _) = await RunAsync("releases", "--json");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Matches(@"^RELEASE  LABEL  OUTCOME .* SOURCE\n2 +v2 +active .*/v2\n1 +v1 +replaced \(rollback target\) .*/v1\n$", text);
        Assert.Equal([2, 1], json.TrimEnd('\n').Split('\n').Select(
            line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("release").GetInt32()));
    }

    /// <summary>Makes the candidate of the deployment that is about to begin healthy.</summary>
    private async Task AnswerAsync()
    {
        await Eventually.TrueAsync(() => Deployments.Coordinator.Running(Deployments.App) is not null);
        await Deployments.AnswerAsync(Deployments.Coordinator.Running(Deployments.App)!);
    }

    private BlueGreenProgram Start(params string[] arguments) =>
        BlueGreenProgram.Start(_folder.Path, [.. arguments, "--state", Deployments.Directory.Root]);

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var program = Start(arguments);
        return await program.EndAsync();
    }
}
