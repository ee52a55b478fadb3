using System.Net;
using System.Net.Sockets;
using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Load;
using BlueGreen.Load.Http;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed class RestartTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_restarted_front_serves_the_last_active_release_and_answers_nothing_but_200()
    {
        Uri address;
        await using (var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1", "start-delay-ms=500")))
        {
            await first.ActiveAsync(1);
            Assert.Equal(0, (await first.RunAsync("deploy", SampleRelease.Make(_folder, "v2", "start-delay-ms=500"))).Code);
            address = first.Address;
            Assert.Equal(0, await first.StopAsync());
        }

        // The release named here is for a front without one.
        await using var second = Front.Start(_folder, "--listen", address.GetLeftPart(UriPartial.Authority), _folder.In("v1"));
        var answers = await AskUntilAnsweredAsync(address, 20);
        Assert.All(answers, answer => Assert.Equal((200, "2"), (answer.Status, answer.Header("X-Release"))));
        Assert.Equal("v2", (await second.StatusAsync()).App().Active!.Label);

        var back = await second.RollbackAsync();
        Assert.True(back.Code == 0, back.ToString());
        Assert.Equal(1, back.Event("switched").Release);
    }

    [Fact(Timeout = 60_000)]
    public async Task Requests_that_come_before_the_first_release_serves_wait_for_it()
    {
        var gate = _folder.In("gate");
        await using var front = await Front.StartAsync(_folder, SampleRelease.MakeGated(_folder, "v1", gate));
        using var visitor = new Visitor(front.Address);
        var waiting = visitor.GetAsync();
        Assert.False(waiting.IsCompleted);
        _folder.Write("gate", "");
        Assert.Equal((200, "1"), ((await waiting).Status, (await waiting).Release));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_without_a_release_says_how_to_deploy_one()
    {
        await using var front = await Front.StartAsync(_folder);
        using var visitor = new Visitor(front.Address);
        var answer = await visitor.GetAsync();
        Assert.Equal(503, answer.Status);
        Assert.Contains("bluegreen deploy PATH", answer.Body, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_front_on_the_same_state_is_refused()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        var second = await Cli.RunAsync("run", "--state", _folder.State, "--listen", "http://127.0.0.1:0");
        Assert.Equal(4, second.Code);
        Assert.StartsWith($"bluegreen: a front with pid {front.Pid} already runs here", second.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await front.StatusAsync()).App().Active!.Release);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stale_control_socket_is_replaced()
    {
        Directory.CreateDirectory(_folder.State);
        var path = Path.Combine(_folder.State, "control.sock");
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Moved, because a socket that is disposed of removes its file: this one is to stay, as after a SIGKILL.
            stale.Bind(new UnixDomainSocketEndPoint(path + ".old"));
            File.Move(path + ".old", path);
        }
        Assert.True(File.Exists(path));
        await using var front = await Front.StartAsync(_folder);
        Assert.Equal(front.Pid, (await front.StatusAsync()).Pid);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_port_in_use_is_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{other.LocalEndpoint}";
        var refused = await Cli.RunAsync("run", "--state", _folder.State, "--listen", address);
        Assert.Equal(2, refused.Code);
        Assert.Single(refused.Lines);
        Assert.Contains(address, refused.Errors, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("status")]
    [InlineData("deploy", "/bin/true")]
    [InlineData("rollback")]
    [InlineData("logs")]
    [InlineData("stop")]
    public async Task Without_a_front_a_command_says_so(params string[] command)
    {
        var told = await Cli.RunAsync([.. command, "--state", _folder.State]);
        Assert.Equal(3, told.Code);
        Assert.StartsWith($"bluegreen: no front answers at {_folder.State}/control.sock", Assert.Single(told.Lines).Text, StringComparison.Ordinal);
    }

    /// <summary>Connects again and again from before the front listens; a refused connection is no answer.</summary>
    private static async Task<List<HttpAnswer>> AskUntilAnsweredAsync(Uri address, int count)
    {
        var answers = new List<HttpAnswer>();
        var request = HttpRequest.Get(address);
        while (answers.Count < count)
        {
            try
            {
                using var connection = await HttpConnection.ConnectAsync(address, cancel: TestContext.Current.CancellationToken);
                answers.Add(await connection.ExchangeAsync(request, TestContext.Current.CancellationToken));
            }
            catch (ExchangeFailedException e) when (e.Kind == FailureKind.Refused)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }
        return answers;
    }
}
