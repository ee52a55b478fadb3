using System.Text.Json;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class RollbackTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Each_rollback_goes_back_one_release_further()
    {
        await using var front = await Front.StartAsync(_folder);
        foreach (var label in new[] { "v1", "v2", "v3" })
            Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, label))).Code);
        using var visitor = new Visitor(front.Address);

        Assert.Equal(2, (await front.RollbackAsync()).Event("switched").Release);
        Assert.Equal("2", (await visitor.GetAsync()).Release);
        Assert.Equal(1, (await front.RollbackAsync()).Event("switched").Release);
        Assert.Equal("1", (await visitor.GetAsync()).Release);
        AssertRefused(await front.RollbackAsync(), "web has no earlier release to roll back to");

        Assert.Equal(3, (await front.RollbackAsync("3")).Event("switched").Release);
        Assert.StartsWith("v3 release 3", (await visitor.GetAsync()).Body, StringComparison.Ordinal);
        AssertRefused(await front.RollbackAsync("3"), "release 3 of web is active already");
        AssertRefused(await front.RollbackAsync("99"), "web has no release 99; it has 1, 2, 3");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_without_releases_has_nothing_to_roll_back_or_restart()
    {
        await using var front = await Front.StartAsync(_folder);
        AssertRefused(await front.RollbackAsync(), "web has no earlier release to roll back to");
        AssertRefused(await front.RestartAsync(), "web has no active release");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rollback_brings_back_the_env_and_the_command_the_release_had()
    {
        Configure("one", "./SampleWorker --first");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var visitor = new Visitor(front.Address);
        Assert.Equal(("one", "--first"), await SettingsAsync(visitor));

        Configure("two", "./SampleWorker --second");
        Assert.Equal(0, (await front.RunAsync("reload")).Code);
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
        Assert.Equal(("two", "--second"), await SettingsAsync(visitor));

        Assert.Equal(0, (await front.RollbackAsync()).Code);
        Assert.Equal(("one", "--first"), await SettingsAsync(visitor));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_release_that_is_kept_warm_comes_back_with_its_own_workers()
    {
        _folder.Configure("apps: {web: {keep: {warm: 60s}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        var first = (await front.StatusAsync()).App().Active!.Workers[0];
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
        Assert.Equal(first.Pid, (await front.StatusAsync()).App().In("standby").Workers[0].Pid);

        await using var load = await RunningLoad.StartAsync(front.Address);
        var back = await front.RollbackAsync();
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.Equal(0, back.Code);
        Assert.DoesNotContain("starting", back.EventNames);
        Assert.Equal(first.Pid, (await front.StatusAsync()).App().Active!.Workers[0].Pid);
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["2", "1"], report.Releases.Select(seen => seen.Release));

        Assert.Equal(0, await front.StopAsync());
        Assert.Empty(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_restart_gives_the_same_release_other_workers()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        var before = (await front.StatusAsync()).App();
        await using var load = await RunningLoad.StartAsync(front.Address);
        var restarted = await front.RestartAsync();
        await load.FurtherAsync(200);
        var report = await load.StopAsync();

        Assert.Equal(0, restarted.Code);
        Assert.True(report.IsFlawless, report.ToString());
        var after = (await front.StatusAsync()).App();
        Assert.Equal(1, after.Active!.Release);
        Assert.NotEqual(before.Active!.Workers[0].Pid, after.Active.Workers[0].Pid);
        Assert.True(after.Generation > before.Generation);
        await front.SettledAsync();
        Assert.Equal(_folder.WorkerPids, after.Active.Workers.Select(worker => worker.Pid));
    }

    private static void AssertRefused(CliResult result, string reason)
    {
        Assert.Equal(4, result.Code);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    private void Configure(string note, string command) => _folder.Configure($$"""
        apps:
          web:
            command: {{command}}
            env: {SAMPLE_NOTE: {{note}}}
        """);

    private static async Task<(string? Note, string? Argument)> SettingsAsync(Visitor visitor)
    {
        using var shown = JsonDocument.Parse((await visitor.GetAsync("/env")).Body);
        return (shown.RootElement.GetProperty("variables").GetProperty("SAMPLE_NOTE").GetString(),
            shown.RootElement.GetProperty("arguments")[0].GetString());
    }
}
