using System.Net;
using System.Net.Sockets;
using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Load;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed class StopTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(Signals.Terminate)]
    [InlineData(Signals.Interrupt)]
    public async Task A_signal_lets_the_request_in_flight_finish_and_leaves_nothing_behind(int signal)
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var held = await HeldRequest.SendAsync(front);
        front.Signal(signal);
        await front.LoggedAsync("Stopping");
        await Until.TrueAsync(async () => !await AcceptsAsync(front.Address));
        Assert.False(front.Exited.IsCompleted);
        Assert.Equal("1", await held.FinishAsync());
        Assert.Equal(0, await front.Exited.WaitAsync(TestContext.Current.CancellationToken));
        AssertNothingLeft(front);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_signal_ends_it_at_once()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "deaf", "ignore-sigterm=true"));
        await front.ActiveAsync(1);
        using var held = await HeldRequest.SendAsync(front);
        front.Signal(Signals.Terminate);
        await front.LoggedAsync("Stopping");
        Assert.False(front.Exited.IsCompleted);
        front.Signal(Signals.Terminate);
        // Far less than the 30 s the request had, and the 10 s the worker.
        Assert.Equal(0, await front.Exited.WaitAsync(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ExchangeFailedException>(held.FinishAsync);
        AssertNothingLeft(front);
    }

    [Fact(Timeout = 60_000)]
    public async Task Stop_returns_when_the_front_is_gone()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        var stopped = await front.RunAsync("stop");
        Assert.False(ProcessTable.IsAlive(front.Pid));
        Assert.Equal((0, $"stopped the front with pid {front.Pid}"), (stopped.Code, stopped.Output));
        Assert.Equal(0, await front.Exited);
        AssertNothingLeft(front);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stop_during_a_deployment_discards_the_candidate()
    {
        var gate = _folder.In("gate");
        await using var front = await Front.StartAsync(_folder);
        await using var deploy = front.StartCommand("deploy", "--json", SampleRelease.MakeGated(_folder, "v1", gate));
        await deploy.WaitForLineAsync(line => line.Contains("probing", StringComparison.Ordinal));
        Assert.Equal(0, await front.StopAsync());
        var told = await CliResult.OfAsync(deploy);
        Assert.Equal(1, told.Code);
        Assert.Equal("the front is stopping", told.Event("failed").Text("reason"));
        AssertNothingLeft(front);
    }

    private void AssertNothingLeft(Front front)
    {
        Assert.Empty(_folder.WorkerPids);
        Assert.False(File.Exists(front.ControlSocket));
        using var listener = new TcpListener(IPAddress.Loopback, front.Address.Port);
        listener.Start();
    }

    private static async Task<bool> AcceptsAsync(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
