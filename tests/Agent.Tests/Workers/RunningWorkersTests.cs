using System.Net;
using System.Net.Sockets;
using BlueGreen.Agent.Tests.Workers.Limits;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class RunningWorkersTests : IAsyncDisposable
{
    private readonly Workshop _workshop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string State => _workshop.Folder.Path;

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task A_worker_is_found_with_all_it_was_told()
    {
        var worker = await LaunchAsync("exec sleep 600", Described("web.7.2", generation: "9"));

        var found = Assert.Single(RunningWorkers.Find(State));

        Assert.Equal(new RunningWorker("web.7.2", "web", 7, 9, worker.Identity!, worker.EndPoint), found);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_on_a_socket_is_found_by_its_path()
    {
        await LaunchAsync("exec sleep 600", Described("web.7.1"), BindKind.Unix);

        var found = Assert.Single(RunningWorkers.Find(State));

        Assert.Equal(_workshop.Folder["w.sock"], Assert.IsType<UnixDomainSocketEndPoint>(found.EndPoint).ToString());
    }

    [Fact(Timeout = 30_000)]
    public async Task All_workers_of_the_folder_are_found_and_none_of_another()
    {
        await LaunchAsync("exec sleep 600", Described("web.7.1"));
        await LaunchAsync("exec sleep 600", Described("api.2.1", app: "api", release: "2"));
        await LaunchAsync("exec sleep 600", Described("web.7.2", state: State + "2"));
        await LaunchAsync("exec sleep 600", Described("web.7.3", state: Path.GetDirectoryName(State)));

        Assert.Equal(["api.2.1", "web.7.1"], RunningWorkers.Find(State).Select(worker => worker.Id));
        Assert.Equal(["api.2.1", "web.7.1"], RunningWorkers.Find(State + "/").Select(worker => worker.Id));
        Assert.Equal(["web.7.2"], RunningWorkers.Find(State + "2").Select(worker => worker.Id));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_worker_started_is_not_a_worker_not_even_with_a_session_of_its_own()
    {
        var worker = await LaunchAsync(
            "sh -c 'echo child; exec sleep 600' & setsid sh -c 'echo own=$$; exec sleep 600' & wait", Described("web.7.1"));
        await _workshop.PrintedAsync("child");
        var daemon = await _workshop.PidAsync("own");
        try
        {
            Assert.True(ProcessStat.Of(daemon)!.LeadsItsSession);

            Assert.Equal(worker.Pid, Assert.Single(RunningWorkers.Find(State)).Identity.Pid);

            await worker.StopAsync(TimeSpan.FromMinutes(1), CancellationToken.None).WaitAsync(Token);
            Assert.Empty(RunningWorkers.Find(State));
        }
        finally
        {
            System.Diagnostics.Process.GetProcessById(daemon).Kill();
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_process_of_another_user_is_not_believed()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            // Nobody else can start one; and the kernel does not show them the environment of other users' processes.
            return;
        }

        await LaunchAsync("exec setpriv --reuid 65534 --clear-groups sh -c 'echo other; exec sleep 600'", Described("web.7.1"));
        await _workshop.PrintedAsync("other");

        Assert.Empty(RunningWorkers.Find(State));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_process_of_a_user_that_an_app_has_its_processes_run_as_is_believed_of_that_app_alone()
    {
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        File.SetUnixFileMode(State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        var worker = _workshop.Launch("echo ready; exec sleep 600", environment: Described("web.7.1"), confinement: TestUser.Confine(TestUser.Limits));
        await _workshop.PrintedAsync("ready");

        var found = Assert.Single(RunningWorkers.Find(State, Users("web", TestUser.Account.Uid)));
        Assert.Equal(new RunningWorker("web.7.1", "web", 7, 1, worker.Identity!, worker.EndPoint), found);
        Assert.Empty(RunningWorkers.Find(State, Users("api", TestUser.Account.Uid)));
        Assert.Empty(RunningWorkers.Find(State, Users("web", TestUser.Account.Uid + 1)));
        Assert.Empty(RunningWorkers.Find(State));
        Assert.True(RunningWorkers.Concerns(State, worker.Pid));
        Assert.False(RunningWorkers.Concerns(State + "2", worker.Pid));

        static ILookup<string, uint> Users(string app, uint user) => new[] { (app, user) }.ToLookup(pair => pair.app, pair => pair.user);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_has_ended_is_not_found()
    {
        var worker = await LaunchAsync("exec sleep 600", Described("web.7.1"));

        await worker.StopAsync(TimeSpan.Zero, CancellationToken.None).WaitAsync(Token);

        Assert.Empty(RunningWorkers.Find(State));
    }

    [Theory]
    [InlineData("BLUEGREEN_WORKER", "")]
    [InlineData("BLUEGREEN_WORKER", "api.7.1")]
    [InlineData("BLUEGREEN_APP", "")]
    [InlineData("BLUEGREEN_RELEASE", "")]
    [InlineData("BLUEGREEN_RELEASE", "seven")]
    [InlineData("BLUEGREEN_RELEASE", "8")]
    [InlineData("BLUEGREEN_RELEASE", "0")]
    [InlineData("BLUEGREEN_RELEASE", "-7")]
    [InlineData("BLUEGREEN_RELEASE", "7777777777")]
    [InlineData("BLUEGREEN_GENERATION", "")]
    [InlineData("BLUEGREEN_GENERATION", "-1")]
    [InlineData("BLUEGREEN_GENERATION", "1e3")]
    [InlineData("PORT", "")]
    [InlineData("PORT", "0")]
    [InlineData("PORT", "65536")]
    [InlineData("PORT", "/run/w.sock")]
    [InlineData("SOCKET", "")]
    [InlineData("SOCKET", "relative.sock")]
    [InlineData("SOCKET", "/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012.sock")]
    public void An_environment_no_front_writes_is_no_workers(string name, string value)
    {
        var process = new ProcessIdentity(1, 1, "boot");
        var good = Described("web.7.1");
        good["PORT"] = "41234";
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 41234), RunningWorker.From(good, process)!.EndPoint);

        Assert.Null(RunningWorker.From(new Dictionary<string, string>(good) { [name] = value }, process));
        good.Remove(name);
        Assert.Equal(name == "SOCKET", RunningWorker.From(good, process) is not null);
    }

    [Fact(Timeout = 60_000)]
    public async Task Processes_that_come_and_go_meanwhile_do_no_harm()
    {
        await LaunchAsync("exec sleep 600", Described("web.7.1"));
        // Each of the short-lived ones leads a session, so each is looked at closely.
        _workshop.Start("while :; do for i in 1 2 3 4; do setsid /bin/true & done; wait; done");

        for (var round = 0; round < 200; round++)
        {
            Assert.Equal("web.7.1", Assert.Single(RunningWorkers.Find(State)).Id);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_in_the_middle_of_becoming_another_program_is_found()
    {
        _workshop.Folder.Script("again", "exec ./again\n");
        await LaunchAsync("exec ./again", Described("web.7.1"));

        for (var round = 0; round < 500; round++)
        {
            Assert.Equal("web.7.1", Assert.Single(RunningWorkers.Find(State)).Id);
        }
    }

    private Dictionary<string, string> Described(
        string id, string app = "web", string release = "7", string generation = "1", string? state = null) => new()
    {
        ["BLUEGREEN_APP"] = app,
        ["BLUEGREEN_RELEASE"] = release,
        ["BLUEGREEN_GENERATION"] = generation,
        ["BLUEGREEN_WORKER"] = id,
        ["BLUEGREEN_STATE"] = state ?? State,
    };

    /// <summary>Launches a worker and waits until it is one: the shell and setsid before it are not found.</summary>
    private async Task<Worker> LaunchAsync(string script, Dictionary<string, string> environment, BindKind bind = BindKind.Tcp)
    {
        var id = environment["BLUEGREEN_WORKER"];
        var worker = _workshop.Launch($"echo ready {id}; {script}", bind, environment);
        await _workshop.PrintedAsync($"ready {id}");
        return worker;
    }
}
