using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Deployments.OneOffs;

public sealed class RunOnceRunnerTests : IAsyncDisposable
{
    private readonly DeploymentBench _bench = new(options => options with
    {
        Env = new Dictionary<string, string> { ["KEY"] = "value" },
        Processes = new Dictionary<string, ProcessTypeOptions>
        {
            ["greet"] = new() { Command = "echo hello", Instances = 0 },
            ["wait"] = new() { Command = "sh -c 'trap \"echo bye; exit 7\" TERM; echo waiting; sleep 600 & wait'", Instances = 0 },
            ["cron"] = new() { Command = "sleep 600" },
            ["many"] = new() { Command = "echo one of many", Singleton = false, Instances = 0 },
        },
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task A_type_runs_with_what_comes_after_its_command_line_as_it_is_written()
    {
        await _bench.DeployAsync("v1");

        var told = await RunAsync(new RunOnceRequest("greet", ["big  world", "$KEY", "it's", ""]));

        Assert.Equal(["started", "output", "ended"], told.Select(one => one.Event).Distinct());
        Assert.Equal(("greet", "web.1.once+1", 1), (told[0].Process, told[0].Id, told[0].Release));
        Assert.Equal("""echo hello 'big  world' '$KEY' 'it'\''s' ''""", told[0].Command);
        Assert.Equal("hello big  world $KEY it's \n", Text(told));
        Assert.Equal((0, null), (told[^1].ExitCode, told[^1].Reason));
    }

    [Fact(Timeout = 60_000)]
    public async Task Any_command_runs_in_the_folder_and_environment_of_the_active_release()
    {
        await _bench.DeployAsync("v1");

        var told = await RunAsync(new RunOnceRequest(
            null, ["sh", "-c", "pwd; echo $BLUEGREEN_TASK $BLUEGREEN_RELEASE $KEY ${BLUEGREEN_PROCESS-none} ${PORT-none} >&2; printf end; exit 3"]));

        Assert.Equal($"{Path.Combine(_bench.Directory.Releases, "web/1")}\nrun-once 1 value none none\nend", Text(told));
        Assert.Equal(3, told[^1].ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Characters_that_come_in_pieces_are_whole()
    {
        await _bench.DeployAsync("v1");

        var told = await RunAsync(new RunOnceRequest(null, ["sh", "-c", "printf 'caf\\303'; sleep 0.3; printf '\\251!'; kill -SEGV $$"]));

        Assert.Equal("café!", Text(told));
        Assert.Equal(128 + 11, told[^1].ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_stopped_has_time_to_finish()
    {
        await _bench.DeployAsync("v1");
        var running = Begin(new RunOnceRequest("wait", []));
        await Eventually.TrueAsync(() => Log(1).Contains("waiting", StringComparison.Ordinal));

        running.Stop(RunOnceEnd.Interrupted);
        running.Stop(RunOnceEnd.Stopping);

        var told = await ReadAsync(running);
        Assert.Equal("waiting\nbye\n", Text(told));
        Assert.Equal((null, "interrupted"), (told[^1].ExitCode, told[^1].Reason));
    }

    [Fact(Timeout = 60_000)]
    public async Task Its_time_can_be_over()
    {
        await _bench.DeployAsync("v1");

        var told = await RunAsync(new RunOnceRequest("wait", []) { Timeout = TimeSpan.FromSeconds(0.5) });

        Assert.Equal((null, "timeout"), (told[^1].ExitCode, told[^1].Reason));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_cannot_be_run_is_refused()
    {
        Assert.Equal("web has no active release; deploy one first", Refused("greet"));
        await _bench.DeployAsync("v1");

        Assert.Equal(
            "release 1 of web has no process type 'gret'; it has cron, greet, many, wait; 'bluegreen run-once -- COMMAND' runs any command",
            Refused("gret"));
        Assert.Equal(
            "web takes requests and is not run once; 'bluegreen run-once -- COMMAND' runs any command of the release", Refused("web"));
        Assert.StartsWith("the program nonesuch is neither in the release nor in PATH", Refused(null, "nonesuch"), StringComparison.Ordinal);
        _bench.Services.Leftovers.Add("web", new TaskCompletionSource().Task);
        Assert.Equal("what an earlier front has left running of web is being ended; try again in a moment", Refused("greet"));
        Assert.Empty(_bench.App.RunOnce);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_same_type_runs_once_at_a_time()
    {
        await _bench.DeployAsync("v1");
        var first = Begin(new RunOnceRequest("wait", []));

        Assert.StartsWith($"wait of web is running once already: web.1.once+1, pid {first.Pid}, since ", Refused("wait"), StringComparison.Ordinal);
        Assert.Equal("web.1.once+2", (await RunAsync(new RunOnceRequest("greet", [])))[0].Id);
        first.Stop(RunOnceEnd.Interrupted);
        await first.Ended;

        var second = Begin(new RunOnceRequest("wait", []));
        // The first is not read to its end yet: its log is its own still.
        Assert.Equal("web.1.once+2", second.Id);
        second.Stop(RunOnceEnd.Interrupted);
        await Task.WhenAll(ReadAsync(first), ReadAsync(second));
        await Eventually.TrueAsync(() => _bench.App.RunOnce.IsEmpty);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_singleton_that_runs_beside_the_workers_is_not_run_once_besides()
    {
        await _bench.DeployAsync("v1");
        Assert.Equal("cron of web runs, and only one of it may at a time: 'bluegreen scale cron=0' stops it", Refused("cron"));

        Assert.Equal("one of many\n", Text(await RunAsync(new RunOnceRequest("many", []))));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_is_run_once_is_not_scaled_to_run_besides()
    {
        await _bench.DeployAsync("v1");
        var running = Begin(new RunOnceRequest("wait", []));

        var refused = new Scaling(_bench.Services, _bench.Coordinator).Scale(_bench.App, new Dictionary<string, int?> { ["wait"] = 1 });

        Assert.StartsWith("wait of web is running once: web.1.once+1, pid ", refused!.Reason, StringComparison.Ordinal);

        // A reload may well say so.
        var before = _bench.App.Options;
        _bench.App.Options = before with { Processes = new Dictionary<string, ProcessTypeOptions>(before.Processes) { ["wait"] = before.Processes["wait"] with { Instances = 1 } } };
        var processes = _bench.Processes.Of(_bench.App);
        processes.Refresh();
        await processes.SettledAsync();
        Assert.DoesNotContain(processes.Living, process => process.Type == "wait");
        running.Stop(RunOnceEnd.Interrupted);
        await ReadAsync(running);
        await Eventually.TrueAsync(() => processes.Living.Any(process => process.Type == "wait"));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_release_of_what_runs_stays()
    {
        _bench.App.Options = _bench.App.Options with { Keep = new() { Releases = 1 } };
        await _bench.DeployAsync("v1");
        var running = Begin(new RunOnceRequest("wait", []));
        foreach (var name in new[] { "v2", "v3" })
        {
            await _bench.DeployAsync(name);
            await Eventually.TrueAsync(() => _bench.App.Live.Length == 1);
        }

        Assert.Equal([1, 2, 3], _bench.Store.List("web").Select(release => release.Number));
        running.Stop(RunOnceEnd.Interrupted);
        await ReadAsync(running);
        await Eventually.TrueAsync(() => _bench.App.RunOnce.IsEmpty);

        Assert.Equal([1], _bench.Services.Pruning.Prune(_bench.App, 1));
    }

    private RunningCommand Begin(RunOnceRequest request)
    {
        var (begun, refused) = _bench.RunOnce.Begin(_bench.App, request with { By = new Actor(1000, "anna") });
        Assert.Null(refused);
        return begun!;
    }

    private string Refused(string? type, params string[] arguments)
    {
        var (begun, refused) = _bench.RunOnce.Begin(_bench.App, new RunOnceRequest(type, arguments));
        Assert.Null(begun);
        return refused!.Reason;
    }

    private Task<List<RunOnceEvent>> RunAsync(RunOnceRequest request) => ReadAsync(Begin(request));

    private static async Task<List<RunOnceEvent>> ReadAsync(RunningCommand running)
    {
        var told = await running.ReadEventsAsync(Token).ToListAsync(Token);
        running.Leave();
        return told;
    }

    private string Log(int number) =>
        Path.Combine(_bench.Directory.LogsOf("web"), $"web.1.once+{number}.log") is var path && File.Exists(path) ? File.ReadAllText(path) : "";

    private static string Text(IEnumerable<RunOnceEvent> told) => string.Concat(told.Select(one => one.Text));
}
