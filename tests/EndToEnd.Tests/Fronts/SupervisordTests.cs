using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed class SupervisordTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Under_supervisord_a_signal_deploys_a_restart_serves_on_and_a_stop_leaves_nothing()
    {
        var port = FreePort.Find();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var source = SampleRelease.Make(_folder, "current", "label=one");
        await using var supervisor = Supervisor.Start(
            _folder, $"--listen {address.GetLeftPart(UriPartial.Authority)} {source}", text => TestContext.Current.TestOutputHelper?.WriteLine(text));
        using var visitor = new Visitor(address);
        await Until.TrueAsync(async () => await TryGetAsync(visitor) is { Status: 200 });
        var pid = await FrontPidAsync(supervisor);

        await using (var load = await RunningLoad.StartAsync(address))
        {
            SampleRelease.Make(_folder, "current", "label=two");
            for (var release = 2; release <= 3; release++)
            {
                Assert.Equal(0, (await supervisor.ControlAsync("signal", "SIGUSR2", "front")).Code);
                await Until.TrueAsync(async () =>
                    (await visitor.GetAsync()).Body.StartsWith($"two release {release} ", StringComparison.Ordinal));
                Assert.Equal(pid, await FrontPidAsync(supervisor));
            }
            var report = await load.StopAsync();
            Assert.True(report.IsFlawless, report.ToString());
        }

        Assert.Equal(0, (await supervisor.ControlAsync("restart", "front")).Code);
        await Until.TrueAsync(async () => await TryGetAsync(visitor) is { Status: 200, Release: "3" });
        Assert.NotEqual(pid, await FrontPidAsync(supervisor));
        Assert.Single(_folder.WorkerPids);

        Assert.Equal(0, (await supervisor.ControlAsync("stop", "front")).Code);
        Assert.Contains("STOPPED", (await supervisor.ControlAsync("status", "front")).Output, StringComparison.Ordinal);
        Assert.Empty(ProcessTable.With(TestFolder.Mark, _folder.State));
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }

    private static async Task<int> FrontPidAsync(Supervisor supervisor) =>
        int.Parse((await supervisor.ControlAsync("pid", "front")).Output, CultureInfo.InvariantCulture);

    private static async Task<Visit?> TryGetAsync(Visitor visitor)
    {
        try
        {
            return await visitor.GetAsync();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
