using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed class SystemdTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_front_is_ready_once_its_first_release_serves_and_says_so_in_its_status()
    {
        await using var systemd = NotifySocket.Open(_folder);
        var gate = _folder.In("gate");
        await using var front = await Front.StartAsync(_folder, SampleRelease.MakeGated(_folder, "v1", gate));
        await systemd.ToldAsync("STATUS=web: deploying release 1 (probing)");
        Assert.DoesNotContain(systemd.Messages, message => message.Contains("READY=1", StringComparison.Ordinal));
        Assert.Contains("EXTEND_TIMEOUT_USEC=30000000", systemd.Messages);

        _folder.Write("gate", "");

        Assert.Equal("READY=1\nSTATUS=web: release 1 (v1) serves with 1 worker", await systemd.ToldAsync("READY=1"));
        using var visitor = new Visitor(front.Address);
        Assert.Equal((200, "1"), ((await visitor.GetAsync()).Status, (await visitor.GetAsync()).Release));
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
        await systemd.ToldAsync("STATUS=web: release 2 (v2) serves with 1 worker");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_that_starts_with_what_was_active_is_ready_once_that_serves()
    {
        var gate = _folder.Write("gate", "");
        await using (var first = await Front.StartAsync(_folder, SampleRelease.MakeGated(_folder, "v1", gate)))
        {
            await first.ActiveAsync(1);
            Assert.Equal(0, await first.StopAsync());
        }

        File.Delete(gate);
        await using var systemd = NotifySocket.Open(_folder);
        await using var front = await Front.StartAsync(_folder);
        await systemd.ToldAsync("EXTEND_TIMEOUT_USEC=30000000");
        Assert.DoesNotContain(systemd.Messages, message => message.Contains("READY=1", StringComparison.Ordinal));
        _folder.Write("gate", "");
        Assert.Equal("READY=1\nSTATUS=web: release 1 (v1) serves with 1 worker", await systemd.ToldAsync("READY=1"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_active_and_crashes_at_each_start_does_not_keep_the_start_waiting()
    {
        await using (var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1")))
        {
            await first.ActiveAsync(1);
            Assert.Equal(0, await first.StopAsync());
        }

        File.WriteAllText(_folder.In("s", "releases", "web", "1", "behaviour"), "exit-at-start=3\n");
        await using var systemd = NotifySocket.Open(_folder);
        await using var front = await Front.StartAsync(_folder);
        Assert.Equal("READY=1\nSTATUS=web: release 1 does not serve", await systemd.ToldAsync("READY=1"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_without_a_release_is_ready_at_once_also_on_an_abstract_socket()
    {
        await using var systemd = NotifySocket.Open(_folder, isAbstract: true);
        await using var front = await Front.StartAsync(_folder);
        Assert.Equal("READY=1\nSTATUS=web: nothing serves", await systemd.ToldAsync("READY=1"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_first_release_that_fails_does_not_keep_the_start_waiting()
    {
        await using var systemd = NotifySocket.Open(_folder);
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "bad", "exit-at-start=3"));
        Assert.Equal("READY=1\nSTATUS=web: nothing serves", await systemd.ToldAsync("READY=1"));
        Assert.Contains("The deploy of web failed", front.Log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_systemd_tells_the_front_does_not_reach_its_workers()
    {
        await using var systemd = NotifySocket.Open(_folder, watchdog: TimeSpan.FromMinutes(1));
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await systemd.ToldAsync("READY=1");
        Assert.Contains("NOTIFY_SOCKET", ProcessTable.EnvironmentOf(front.Pid).Keys);
        var worker = ProcessTable.EnvironmentOf(Assert.Single(_folder.WorkerPids));
        Assert.DoesNotContain("NOTIFY_SOCKET", worker.Keys);
        Assert.DoesNotContain("WATCHDOG_USEC", worker.Keys);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_is_told_from_its_beginning_to_its_end()
    {
        await using var systemd = NotifySocket.Open(_folder);
        await using var front = await Front.StartAsync(_folder);
        await systemd.ToldAsync("READY=1");

        // The front's clock is this process's own: the monotonic one of the machine, in microseconds.
        var before = Now();
        front.Signal(Signals.Hangup);
        await systemd.ToldAsync("RELOADING=1");
        await systemd.ToldAsync("READY=1", from: systemd.Messages.ToList().FindIndex(IsReload));
        var began = long.Parse(systemd.Messages.Single(IsReload).Split("MONOTONIC_USEC=")[1], CultureInfo.InvariantCulture);
        Assert.InRange(began, before, Now());

        Assert.Equal(0, (await front.RunAsync("reload")).Code);
        Assert.Equal(2, systemd.Messages.Count(IsReload));
        Assert.Equal("READY=1", systemd.Messages[^1]);

        static bool IsReload(string message) => message.StartsWith("RELOADING=1\n", StringComparison.Ordinal);
        static long Now() => (long)Stopwatch.GetElapsedTime(0).TotalMicroseconds;
    }

    [Fact(Timeout = 60_000)]
    public async Task The_end_is_told_with_what_is_in_flight_and_the_time_it_may_take()
    {
        _folder.Configure("apps: {web: {drain: {requests: 3m, streams: 5m, stop: 20s}}}");
        await using var systemd = NotifySocket.Open(_folder, watchdog: TimeSpan.FromSeconds(1));
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var held = await HeldRequest.SendAsync(front);
        front.Signal(Signals.Terminate);
        Assert.Equal("STOPPING=1\nSTATUS=stopping, 1 in flight", await systemd.ToldAsync("STOPPING=1"));
        // 5 min and 20 s, and some room.
        Assert.Equal("EXTEND_TIMEOUT_USEC=335000000", await systemd.ToldAsync("EXTEND_TIMEOUT_USEC=3350"));

        // The port is closed now, and the watchdog is content all the same.
        await systemd.PingedAsync(systemd.Pings + 2);
        Assert.Equal("1", await held.FinishAsync());
        Assert.Equal(0, await front.Exited.WaitAsync(TestContext.Current.CancellationToken));
        var end = front.Log[front.Log.IndexOf("Stopping", StringComparison.Ordinal)..];
        Assert.DoesNotContain("http://127.0.0.1", end, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_watchdog_is_pinged_again_and_again_while_the_first_release_starts_and_afterwards()
    {
        await using var systemd = NotifySocket.Open(_folder, watchdog: TimeSpan.FromSeconds(1));
        await using var front = await Front.StartAsync(_folder, SampleRelease.MakeGated(_folder, "v1", _folder.In("gate")));
        await systemd.PingedAsync(2);
        _folder.Write("gate", "");
        await systemd.ToldAsync("READY=1");
        await systemd.PingedAsync(systemd.Pings + 2);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_control_socket_that_does_not_answer_ends_the_pings_until_it_does()
    {
        await using var systemd = NotifySocket.Open(_folder, watchdog: TimeSpan.FromSeconds(2));
        await using var front = await Front.StartAsync(_folder);
        await systemd.PingedAsync(1);
        File.Move(front.ControlSocket, front.ControlSocket + ".own");
        using (var deaf = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            deaf.Bind(new UnixDomainSocketEndPoint(front.ControlSocket));
            deaf.Listen();
            await AssertNotPingedAsync(
                front, systemd, $"restart this front if that goes on: the control socket {front.ControlSocket} has not answered within 0.25 s");
        }
        var pings = systemd.Pings;
        File.Move(front.ControlSocket + ".own", front.ControlSocket, overwrite: true);
        await systemd.PingedAsync(pings + 2);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_watchdog_asks_the_public_port_on_connections_of_its_own()
    {
        await using var systemd = NotifySocket.Open(_folder, watchdog: TimeSpan.FromSeconds(2));
        await using var front = await Front.StartAsync(_folder);
        await systemd.PingedAsync(1);
        // Nobody else knows this port.
        Assert.True(TcpTable.HasConnection(front.Address.Port));
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_a_watchdog_the_front_does_not_ask_itself()
    {
        await using var systemd = NotifySocket.Open(_folder);
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await systemd.ToldAsync("READY=1");
        Assert.False(TcpTable.HasConnection(front.Address.Port));
        Assert.Equal(0, await front.StopAsync());
        Assert.Equal(0, systemd.Pings);
    }

    /// <summary>Waits until a check has failed three times for a reason, and no ping came in between.</summary>
    private static async Task AssertNotPingedAsync(Front front, NotifySocket systemd, string reason)
    {
        await front.LoggedAsync(reason);
        var pings = systemd.Pings;
        await Until.TrueAsync(() => front.Log.Split('\n').Count(line => line.Contains(reason, StringComparison.Ordinal)) >= 3);
        Assert.Equal(pings, systemd.Pings);
        Assert.False(front.Exited.IsCompleted);
    }
}
