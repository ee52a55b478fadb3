using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed class BrokenDiskTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 90_000)]
    [InlineData("full", "No space left on device")]
    [InlineData("read-only", "Read-only file system")]
    public async Task On_a_broken_disk_serving_goes_on_deploys_fail_cleanly_and_work_again_afterwards(string how, string reason)
    {
        var (front, disk) = await SmallDisk.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await using var _ = front;
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);
        var next = SampleRelease.Make(_folder, "v2");
        if (how == "full")
            disk.FillUp();
        else
            await disk.MakeReadOnlyAsync();

        var refused = await front.DeployAsync(next);
        Assert.Equal(1, refused.Code);
        Assert.Contains(reason, refused.Event("failed").Text("reason"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, refused.Event("failed").Number("stillActive"));

        // Even a worker that dies now is replaced, although nothing can be written down of it.
        var died = (await front.StatusAsync()).App().Active!.Workers[0].Pid;
        ProcessTable.Signal(died, Signals.Kill);
        await Until.TrueAsync(async () =>
            (await front.StatusAsync()).App().Active!.Workers is [{ State: "healthy", Restarts: 1 }]);
        await load.FurtherAsync(200);

        if (how == "full")
            disk.Free();
        else
            await disk.MakeWritableAsync();
        var deployed = await front.DeployAsync(next);
        Assert.True(deployed.Code == 0, deployed.ToString());
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Single((await front.RunAsync("releases", "--json")).Lines, line => line.Text.Contains("v2", StringComparison.Ordinal));
    }

    [Fact(Timeout = 90_000)]
    public async Task An_access_log_on_a_full_disk_costs_lines_and_no_request()
    {
        _folder.Configure("apps: {web: {probation: 0s, accessLog: {}}}");
        var (front, disk) = await SmallDisk.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await using var _ = front;
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);
        disk.FillUp();
        await front.LoggedAsync("The access log of web cannot be written to");
        await load.FurtherAsync(500);

        disk.Free();
        await front.LoggedAsync("The access log of web is written again");

        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        var log = Path.Combine(disk.State, "logs", "web", "access.log");
        // A line that was cut by the end of the disk goes on where it was cut.
        await Until.TrueAsync(() => File.ReadAllText(log).EndsWith(" end=complete\n", StringComparison.Ordinal));
        Assert.All(await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken), line => Assert.Matches("^127[^\"]+\"GET / HTTP/1.1\" 200 .* end=complete$", line));
        Assert.Single(front.Log.Split('\n'), line => line.Contains("cannot be written", StringComparison.Ordinal));
    }

    [Theory(Timeout = 90_000)]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task A_front_whose_disk_has_become_read_only_stops_in_order(string bind)
    {
        _folder.Configure($"apps: {{web: {{bind: {bind}, probation: 0s}}}}");
        var (front, disk) = await SmallDisk.StartAsync(_folder, SampleRelease.Make(_folder, "v1"), then: "echo ended with $code");
        await using var _ = front;
        await front.ActiveAsync(1);
        await disk.MakeReadOnlyAsync();

        Assert.Equal(0, (await front.RunAsync("stop")).Code);

        await front.LoggedAsync("ended with 0");
        Assert.Empty(_folder.WorkerPids);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_front_that_is_killed_while_its_disk_is_full_is_followed_by_one_that_serves()
    {
        // The second starts behind the first in the same name space.
        var (front, disk) = await SmallDisk.StartAsync(
            _folder, SampleRelease.Make(_folder, "v1"), then: $"exec {Programs.Bluegreen} run --state {_folder.State} --listen http://127.0.0.1:0");
        await using var _ = front;
        await front.ActiveAsync(1);
        var before = await front.StatusAsync();
        disk.FillUp();

        ProcessTable.Signal(before.Pid, Signals.Kill);

        await front.LoggedAsync("Adopted worker web.1.1");
        var after = await front.StatusAsync();
        Assert.NotEqual(before.Pid, after.Pid);
        Assert.Equal(before.App().Active!.Workers[0].Pid, after.App().Active!.Workers[0].Pid);
    }
}
