using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Processes;

public sealed class RunOnceTests : IDisposable
{
    private const string NoneBeside = "processes: {import: {instances: 0}}";

    private readonly TestFolder _folder = new();

    public RunOnceTests() => _folder.Configure($"apps: {{web: {{probation: 0s, env: {{KEY: value}}, {NoneBeside}}}}}");

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task What_it_prints_is_shown_as_it_comes_and_its_exit_status_is_that_of_the_command()
    {
        await using var front = await StartAsync();

        await using var running = front.StartCommand("run-once", "import", "--", "now", "and then");
        await running.WaitForLineAsync(line => line == "importing now|and then");
        Assert.Equal(("import", 1), (await front.StatusAsync()).App().RunOnce.Select(one => (one.Process, one.Release)).Single());
        Assert.Matches(@"\n  web\.1\.once\+1  pid \d+  run once by \S+ since [0-9:]+: sh \./import now 'and then'", (await front.RunAsync("status")).Output);
        Open();

        var ended = await CliResult.OfAsync(running);
        Assert.Equal((3, "importing now|and then\nto standard error", ""), (ended.Code, ended.Output, ended.Errors));
        Assert.Empty((await front.StatusAsync()).App().RunOnce);
    }

    [Fact(Timeout = 60_000)]
    public async Task Any_command_runs_in_the_folder_and_environment_of_the_active_release()
    {
        await using var front = await StartAsync();

        var told = await front.RunAsync("run-once", "--", "sh", "-c", "pwd; echo $KEY $BLUEGREEN_TASK; exit 0");
        Assert.Equal((0, $"{_folder.In("s", "releases", "web", "1")}\nvalue run-once", ""), (told.Code, told.Output, told.Errors));
        Assert.Equal(137, (await front.RunAsync("run-once", "--", "sh", "-c", "kill -KILL $$")).Code);

        var events = await front.RunAsync("run-once", "--json", "--", "sh", "-c", "echo one; exit 5");
        Assert.Equal((5, "one\n", 5), (events.Code, string.Concat(events.Events.Where(one => one.Name == "output").Select(one => one.Text("text"))), events.Event("ended").Number("exitCode")));
        Assert.Equal("started", events.EventNames.First());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_cannot_be_run_is_refused_with_exit_code_4()
    {
        await using var front = await Front.StartAsync(_folder);
        await RefusedAsync(front, "web has no active release; deploy one first", "--", "true");
        Assert.Equal(0, (await front.DeployAsync(Make("v1"))).Code);

        await RefusedAsync(
            front, "release 1 of web has no process type 'imprt'; it has import; 'bluegreen run-once -- COMMAND' runs any command", "imprt");
        await RefusedAsync(
            front, "web takes requests and is not run once; 'bluegreen run-once -- COMMAND' runs any command of the release", "web");
        await RefusedAsync(front, "there is no app 'x'; this front has: web", "import", "--app", "x");
        await RefusedAsync(front, null, "--", "no-such-program");
        var running = await front.RunAsync("run-once", "import", "--detach");
        Assert.Equal(0, running.Code);
        await RefusedAsync(front, null, "import");
        Open();
        await Until.TrueAsync(() => Tasks().Count == 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_singleton_runs_once_or_beside_the_workers_but_never_both()
    {
        _folder.Configure("apps: {web: {probation: 0s}}");
        await using var front = await StartAsync();
        await Until.TrueAsync(() => Beside().Count > 0);

        await RefusedAsync(front, "import of web runs, and only one of it may at a time: 'bluegreen scale import=0' stops it", "import");
        var scaled = await front.RunAsync("scale", "import=0");
        Assert.True(scaled.Code == 0, scaled.ToString());
        await Until.TrueAsync(() => Beside().Count == 0);
        await using var running = front.StartCommand("run-once", "import");
        await running.WaitForLineAsync(line => line == "importing |");

        var refused = await front.RunAsync("scale", "import=1");
        Assert.Equal(4, refused.Code);
        Assert.StartsWith(
            "bluegreen: import of web is running once: web.1.once+1, pid ", refused.Errors, StringComparison.Ordinal);
        Open();
        Assert.Equal(3, (await CliResult.OfAsync(running)).Code);
        Assert.Equal(0, (await front.RunAsync("scale", "import=1")).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Interrupted_it_has_time_to_finish_and_leaves_nothing()
    {
        await using var front = await StartAsync();
        await using var running = front.StartCommand("run-once", "--", "sh", "-c", "trap 'echo finishing; exit 0' TERM; echo begun; sleep 600 & wait");
        await running.WaitForLineAsync(line => line == "begun");

        running.Signal(Signals.Interrupt);

        var ended = await CliResult.OfAsync(running);
        Assert.Equal((130, "begun\nfinishing", "bluegreen: interrupted; web.1.once+1 was ended"), (ended.Code, ended.Output, ended.Errors));
        Assert.Empty(Tasks());
    }

    [Fact(Timeout = 60_000)]
    public async Task When_whoever_asked_for_it_dies_it_is_ended()
    {
        await using var front = await StartAsync();
        await using (var running = front.StartCommand("run-once", "--", "sh", "-c", "echo begun; sleep 600 & wait"))
        {
            await running.WaitForLineAsync(line => line == "begun");
            running.Signal(Signals.Kill);
            await Until.TrueAsync(() => Tasks().Count == 0);
        }

        // A pipe whose reader has enough.
        await using var piped = StartedProcess.Start(
            "sh", ["-c", "\"$0\" run-once --state \"$1\" -- yes | head -n 1", Programs.Bluegreen, _folder.State], _folder.Root);
        Assert.Equal("y", (await CliResult.OfAsync(piped)).Output);
        await Until.TrueAsync(() => Tasks().Count == 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Detached_it_goes_on_and_its_output_is_in_the_log()
    {
        await using var front = await StartAsync();

        var told = await front.RunAsync("run-once", "import", "--detach");

        Assert.Equal(0, told.Code);
        Assert.Matches(@"^web: web\.1\.once\+1 runs, pid \d+; its output is in 'bluegreen logs --app web --release 1'$", told.Output);
        Assert.NotEmpty(Tasks());
        Open();
        await Until.TrueAsync(() => Tasks().Count == 0);
        Assert.Contains("web.1.once+1 | to standard error", (await front.RunAsync("logs", "--release", "1")).Output, StringComparison.Ordinal);
        await front.LoggedAsync(" runs once sh ./import from web release 1: web.1.once+1 ");
    }

    [Fact(Timeout = 60_000)]
    public async Task When_its_time_is_over_it_is_ended()
    {
        await using var front = await StartAsync();

        var told = await front.RunAsync("run-once", "--timeout", "500ms", "--", "sleep", "600");

        Assert.Equal((124, "", "bluegreen: web.1.once+1 had not ended within 0.5 s (--timeout), and was ended"), (told.Code, told.Output, told.Errors));
        Assert.Empty(Tasks());
    }

    [Fact(Timeout = 90_000)]
    public async Task A_deploy_goes_on_beside_it_and_its_release_stays()
    {
        _folder.Configure($"apps: {{web: {{probation: 0s, keep: {{releases: 1}}, {NoneBeside}}}}}");
        await using var front = await StartAsync();
        await using var running = front.StartCommand("run-once", "import");
        await running.WaitForLineAsync(line => line.StartsWith("importing", StringComparison.Ordinal));
        Assert.Equal(0, (await front.DeployAsync(Make("v2"))).Code);
        Assert.Equal(0, (await front.DeployAsync(Make("v3"))).Code);
        await front.SettledAsync();

        Assert.True(Directory.Exists(_folder.In("s", "releases", "web", "1")));
        Open();
        Assert.Equal(3, (await CliResult.OfAsync(running)).Code);
        Assert.Equal(0, (await front.DeployAsync(Make("v4"))).Code);
        await Until.TrueAsync(() => !Directory.Exists(_folder.In("s", "releases", "web", "1")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_that_stops_ends_it()
    {
        await using var front = await StartAsync();
        await using var running = front.StartCommand("run-once", "--", "sh", "-c", "trap 'echo finishing; exit 0' TERM; echo begun; sleep 600 & wait");
        await running.WaitForLineAsync(line => line == "begun");

        Assert.Equal(0, await front.StopAsync());

        Assert.Empty(Tasks());
        var ended = await CliResult.OfAsync(running);
        Assert.Equal(
            (3, "begun\nfinishing", "bluegreen: web.1.once+1 was ended, since the front stops or has the app no more"), (ended.Code, ended.Output, ended.Errors));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_killed_front_was_running_is_ended_by_the_next_one()
    {
        await using var first = await StartAsync();
        await using var running = first.StartCommand("run-once", "import");
        await running.WaitForLineAsync(line => line.StartsWith("importing", StringComparison.Ordinal));
        await first.KillAsync();
        Assert.Equal(3, (await CliResult.OfAsync(running)).Code);
        Assert.NotEmpty(Tasks());

        await using var second = await Front.StartAsync(_folder);

        await second.ActiveAsync(1);
        await Until.TrueAsync(() => Tasks().Count == 0);
        Assert.Single(_folder.WorkerPids);
    }

    private async Task<Front> StartAsync()
    {
        var front = await Front.StartAsync(_folder, Make("v1"));
        await front.ActiveAsync(1);
        return front;
    }

    private static async Task RefusedAsync(Front front, string? reason, params string[] arguments)
    {
        var refused = await front.RunAsync("run-once", arguments);
        Assert.Equal((4, ""), (refused.Code, refused.Output));
        Assert.StartsWith(reason is null ? "bluegreen: " : $"bluegreen: {reason}", refused.Errors, StringComparison.Ordinal);
    }

    private void Open() => _folder.Write("gate", "");

    /// <summary>Processes that run once, and what they have started.</summary>
    private List<int> Tasks() =>
        [.. ProcessTable.With(TestFolder.Mark, _folder.State).Where(pid => ProcessTable.EnvironmentOf(pid).ContainsKey("BLUEGREEN_TASK"))];

    /// <summary>Processes of the type that run beside the workers.</summary>
    private List<int> Beside() =>
        [.. ProcessTable.With("BLUEGREEN_PROCESS", "import").Where(pid => ProcessTable.EnvironmentOf(pid) is var its
            && its.GetValueOrDefault(TestFolder.Mark) == _folder.State && !its.ContainsKey("BLUEGREEN_TASK"))];

    private string Make(string name)
    {
        var path = SampleRelease.Make(_folder, name);
        _folder.Write($"{name}/import", $"echo \"importing $1|$2\"; until [ -e {_folder.In("gate")} ]; do sleep 0.02; done; echo to standard error >&2; exit 3");
        _folder.Write($"{name}/Procfile", "web: ./SampleWorker\nimport: sh ./import\n");
        return path;
    }
}
