using System.Globalization;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Traffic;

public sealed class KeepAliveTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Ten_kept_connections_lose_nothing_over_five_deploys_and_see_no_old_release_after_a_switch()
    {
        string[] sources = [SampleRelease.Make(_folder, "blue"), SampleRelease.Make(_folder, "green")];
        await using var front = await Front.StartAsync(_folder, sources[0]);
        await using var load = await RunningLoad.StartAsync(front.Address);
        var switches = new List<ToldEvent>();
        for (var deploy = 1; deploy <= 5; deploy++)
        {
            var deployed = await front.DeployAsync(sources[deploy % 2]);
            Assert.Equal(0, deployed.Code);
            switches.Add(deployed.Event("switched"));
            await load.FurtherAsync(500);
        }

        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(10, report.ConnectionsOpened);
        Assert.Equal(["1", "2", "3", "4", "5", "6"], report.Releases.Select(seen => seen.Release));
        foreach (var switched in switches)
            Assert.DoesNotContain(report.Answers, answer =>
                answer.Started > switched.At && int.Parse(answer.Release, CultureInfo.InvariantCulture) < switched.Release);
        Assert.Equal(front.Pid, (await front.StatusAsync()).Pid);
        await front.SettledAsync();
        Assert.Single(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_release_that_needs_a_second_to_start_makes_nobody_wait_for_it()
    {
        var startDelay = TimeSpan.FromSeconds(1);
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        var slow = SampleRelease.Make(_folder, "v2", $"start-delay-ms={startDelay.TotalMilliseconds}");
        await using var load = await RunningLoad.StartAsync(front.Address);
        var deployed = await front.DeployAsync(slow);
        await load.FurtherAsync(500);

        var report = await load.StopAsync();
        Assert.Equal(0, deployed.Code);
        Assert.True(deployed.Event("switched").Number("readyAfterMs") >= startDelay.TotalMilliseconds, deployed.ToString());
        Assert.True(report.IsFlawless, report.ToString());
        var during = report.LatenciesBetween(deployed.Events[0].At, deployed.Event("completed").At);
        Assert.True(during.Max < startDelay, $"A request took {during.Max.TotalMilliseconds} ms.");
    }
}
