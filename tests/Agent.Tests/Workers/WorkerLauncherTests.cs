using System.Net;
using System.Net.Sockets;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class WorkerLauncherTests : IAsyncDisposable
{
    private const string PrintEnvironment = "env; echo ready; exec sleep 600";

    private readonly Workshop _workshop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task A_worker_on_a_port_is_told_its_address()
    {
        var worker = _workshop.Launch(PrintEnvironment);
        var port = Assert.IsType<IPEndPoint>(worker.EndPoint).Port;

        var environment = await EnvironmentAsync();

        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)worker.EndPoint).Address);
        Assert.Equal($"{port}", environment["PORT"]);
        Assert.Equal("127.0.0.1", environment["HOST"]);
        Assert.Equal($"http://127.0.0.1:{port}", environment["ASPNETCORE_URLS"]);
        Assert.DoesNotContain("SOCKET", environment.Keys);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_on_a_socket_is_told_its_path()
    {
        _workshop.Folder.Write("w.sock", "left behind");
        var worker = _workshop.Launch(PrintEnvironment, BindKind.Unix);
        var path = _workshop.Folder["w.sock"];

        var environment = await EnvironmentAsync();

        Assert.Equal(path, Assert.IsType<UnixDomainSocketEndPoint>(worker.EndPoint).ToString());
        Assert.Equal(path, environment["SOCKET"]);
        Assert.Equal(path, environment["PORT"]);
        Assert.Equal($"http://unix:{path}", environment["ASPNETCORE_URLS"]);
        Assert.False(File.Exists(path), "what an earlier worker left in the way is removed");
    }

    [Fact(Timeout = 30_000)]
    public async Task Nothing_configured_overrides_the_address()
    {
        var worker = _workshop.Launch(PrintEnvironment, environment: new Dictionary<string, string>
        {
            ["PORT"] = "80",
            ["HOST"] = "0.0.0.0",
            ["ASPNETCORE_URLS"] = "http://*:80",
            ["KEY"] = "value",
        });

        var environment = await EnvironmentAsync();

        Assert.Equal($"{((IPEndPoint)worker.EndPoint).Port}", environment["PORT"]);
        Assert.Equal("127.0.0.1", environment["HOST"]);
        Assert.Equal($"http://{worker.EndPoint}", environment["ASPNETCORE_URLS"]);
        Assert.Equal("value", environment["KEY"]);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_supervisor_told_the_front_does_not_reach_the_worker()
    {
        string[] own = ["SOCKET", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"];
        IReadOnlyDictionary<string, string>? forTheCommand = null;
        try
        {
            Array.ForEach(own, name => Environment.SetEnvironmentVariable(name, "the front's"));
            Environment.SetEnvironmentVariable("BG_TEST_INHERITED", "yes");
            var worker = new WorkerLauncher(new PortAllocator(), TimeProvider.System).Launch(new WorkerSpec
            {
                Id = "web.1.1",
                Directory = _workshop.Folder.Path,
                Arguments = environment =>
                {
                    forTheCommand = environment;
                    return ["/bin/sh", "-c", "env; echo ready"];
                },
                Environment = new Dictionary<string, string>(),
                Bind = BindKind.Tcp,
                Log = _workshop.Log,
                SocketPath = "",
            });
            await worker.Exited.WaitAsync(Token);
        }
        finally
        {
            Array.ForEach(own, name => Environment.SetEnvironmentVariable(name, null));
            Environment.SetEnvironmentVariable("BG_TEST_INHERITED", null);
        }

        var environment = await EnvironmentAsync();
        Assert.Equal("yes", environment["BG_TEST_INHERITED"]);
        Assert.Empty(environment.Keys.Intersect(own));
        // A command with $SOCKET in it must not be filled in with what its worker does not have.
        Assert.Equal("yes", forTheCommand!["BG_TEST_INHERITED"]);
        Assert.Empty(forTheCommand.Keys.Intersect(own));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_address_is_given_back_when_the_worker_is_gone()
    {
        var worker = _workshop.Launch("echo > w.sock; exit 0", BindKind.Unix);

        await worker.Exited.WaitAsync(Token);

        Assert.False(File.Exists(_workshop.Folder["w.sock"]));
    }

    [Fact]
    public void A_socket_path_that_is_too_long_is_refused_before_anything_is_started()
    {
        var refusal = Assert.ThrowsAny<IOException>(() => _workshop.Launch(
            "echo started; exec sleep 600", BindKind.Unix, socket: new string('s', 108)));

        Assert.Contains("107", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.False(File.Exists(_workshop.Log.Path));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_goes_through_its_states()
    {
        var worker = _workshop.Launch("trap '' TERM; echo ready; while :; do sleep 0.01; done");
        await _workshop.PrintedAsync("ready");
        Assert.Equal(WorkerState.Starting, worker.State);

        worker.BecomeHealthy();
        Assert.Equal(WorkerState.Healthy, worker.State);
        Assert.False(worker.WasToldToStop);

        using var hurry = new CancellationTokenSource();
        var stopping = worker.StopAsync(TimeSpan.FromMinutes(10), hurry.Token);
        Assert.Equal(WorkerState.Stopping, worker.State);
        Assert.True(worker.WasToldToStop);
        worker.BecomeHealthy();
        Assert.Equal(WorkerState.Stopping, worker.State);

        await hurry.CancelAsync();
        await stopping.WaitAsync(Token);
        Assert.Equal(WorkerState.Exited, worker.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_crashed_was_not_told_to_stop()
    {
        var worker = _workshop.Launch("exit 1");
        await worker.Exited.WaitAsync(Token);

        await worker.StopAsync(TimeSpan.FromMinutes(10), CancellationToken.None).WaitAsync(Token);

        Assert.False(worker.WasToldToStop);
        Assert.Equal(WorkerState.Exited, worker.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_ended_while_another_program_has_its_port_has_lost_it()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var lost = _workshop.Launch("while [ ! -e bound ]; do sleep 0.01; done; exit 1");
        other.Bind(lost.EndPoint);
        other.Listen();
        File.WriteAllText(_workshop.Folder["bound"], "");
        await lost.Exited.WaitAsync(Token);
        var crashed = _workshop.Launch("exit 1");
        await crashed.Exited.WaitAsync(Token);

        Assert.True(lost.LostItsPort);
        Assert.False(crashed.LostItsPort);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_adopted_worker_goes_on_where_it_was_and_gives_its_address_back(bool onSocket)
    {
        var socket = _workshop.Folder.Write("w.sock", "");
        EndPoint endPoint = onSocket ? new UnixDomainSocketEndPoint(socket) : new IPEndPoint(IPAddress.Loopback, 41234);
        var bind = onSocket ? BindKind.Unix : BindKind.Tcp;
        var process = _workshop.Adopt(await _workshop.StartOrphanAsync("exec sleep 600"))!;

        var worker = new WorkerLauncher(new PortAllocator(), TimeProvider.System).Adopt(_workshop.Spec("web.1.7", bind), process, endPoint);

        Assert.Equal(("web.1.7", process.Pid, process.Identity, endPoint), (worker.Id, worker.Pid, worker.Identity, worker.EndPoint));
        Assert.Equal(WorkerState.Starting, worker.State);
        worker.BecomeHealthy();
        var exit = await worker.StopAsync(TimeSpan.FromMinutes(10), CancellationToken.None).WaitAsync(Token);
        Assert.Null(exit.Status);
        Assert.Equal(WorkerState.Exited, worker.State);
        Assert.Equal(!onSocket, File.Exists(socket));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_end_of_a_worker_is_told_also_where_the_folder_of_its_socket_is_gone()
    {
        Directory.CreateDirectory(_workshop.Folder["run"]);
        var worker = _workshop.Launch("rmdir run; exit 3", BindKind.Unix, socket: "run/w.sock");

        Assert.Equal(3, (await worker.Exited.WaitAsync(Token)).Status);
    }

    private async Task<Dictionary<string, string>> EnvironmentAsync()
    {
        await _workshop.PrintedAsync("ready");
        return _workshop.Printed.Split('\n').Where(line => line.Contains('=')).Select(line => line.Split('=', 2))
            .GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.Last()[1]);
    }
}
