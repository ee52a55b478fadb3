using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class ProbationTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task A_release_that_dies_five_seconds_after_its_switch_is_rolled_back_and_nobody_notices()
    {
        _folder.Configure("apps: {web: {probation: 30s}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "good"));
        await front.ActiveAsync(1);
        var good = (await front.StatusAsync()).App().Active!.Workers[0].Pid;
        await using var load = await RunningLoad.StartAsync(front.Address);

        var deployed = await front.DeployAsync(SampleRelease.Make(_folder, "mortal", "exit-after-ms=5000"));
        Assert.Equal(0, deployed.Code);
        await load.FurtherAsync(200);
        await front.ActiveAsync(1);
        await load.FurtherAsync(200);

        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["1", "2"], report.Releases.Select(seen => seen.Release));
        var status = (await front.StatusAsync()).App();
        Assert.Equal(good, status.Active!.Workers[0].Pid);
        Assert.Null(status.Probation);
        await front.LoggedAsync("failed its probation: worker web.2.1 ended: exit status 7; rolling back to release 1");
        Assert.Contains("out of memory, or so", front.Log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deploy_that_still_waits_for_the_drain_ends_with_exit_code_5_and_the_reason()
    {
        _folder.Configure("apps: {web: {probation: 30s}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "good"));
        await front.ActiveAsync(1);
        using var held = await HeldRequest.SendAsync(front);

        var deployed = await front.RunAsync("deploy", SampleRelease.Make(_folder, "mortal", "exit-after-ms=1000"));

        Assert.Equal(5, deployed.Code);
        Assert.Contains("rolled back: worker web.2.1 ended: exit status 7", deployed.Output, StringComparison.Ordinal);
        Assert.Contains("    out of memory, or so", deployed.Output, StringComparison.Ordinal);
        Assert.EndsWith("web: release 1 serves again", deployed.Output, StringComparison.Ordinal);
        await front.ActiveAsync(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_status_tells_of_it()
    {
        _folder.Configure("apps: {web: {probation: 10m}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);

        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);

        var status = (await front.StatusAsync()).App();
        Assert.Equal((2, 1), (status.Probation!.Release, status.Probation.Fallback));
        Assert.Contains("on probation until", (await front.RunAsync("status")).Output, StringComparison.Ordinal);
        Assert.Equal(2, _folder.WorkerPids.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_workers_kept_for_it_go_when_it_is_passed()
    {
        _folder.Configure("apps: {web: {probation: 1s}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);

        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);

        await front.SettledAsync();
        Assert.Null((await front.StatusAsync()).App().Probation);
        Assert.Single(_folder.WorkerPids);
    }
}
