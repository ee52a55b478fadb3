using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Apps;

public sealed class RoutingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Apps_are_told_apart_by_host_and_path_and_deployed_on_their_own()
    {
        var release = SampleRelease.Make(_folder, "v1");
        _folder.Configure($$"""
            apps:
              shop: {hosts: [shop.example, "*.shop.example"], source: {{release}}}
              admin: {hosts: [shop.example], path: /status, source: {{release}}}
            """);
        await using var front = await Front.StartAsync(_folder);
        await front.ActiveAsync(1, "shop");
        await front.ActiveAsync(1, "admin");
        using var visitor = new Visitor(front.Address);

        Assert.Equal("shop.1.1", (await visitor.GetAsync("/", "shop.example")).Worker);
        Assert.Equal("shop.1.1", (await visitor.GetAsync("/status/200", "eu.shop.example")).Worker);
        Assert.Equal("admin.1.1", (await visitor.GetAsync("/status/200", "shop.example")).Worker);
        Assert.Equal("shop.1.1", (await visitor.GetAsync("/statusquo", "shop.example")).Worker);
        var nobody = await visitor.GetAsync("/", "elsewhere.example");
        Assert.Equal((404, ""), (nobody.Status, nobody.Worker));

        Assert.Equal(0, (await front.DeployAsync(release, "--app", "admin")).Code);
        Assert.Equal("admin.2.1", (await visitor.GetAsync("/status/200", "shop.example")).Worker);
        Assert.Equal("shop.1.1", (await visitor.GetAsync("/", "shop.example")).Worker);

        var unknown = await front.DeployAsync(release, "--app", "nothing");
        Assert.Equal((4, "bluegreen: there is no app 'nothing'; this front has: admin, shop"), (unknown.Code, unknown.Errors));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_brings_an_app_and_takes_one_away()
    {
        var release = SampleRelease.Make(_folder, "v1");
        _folder.Configure($"apps: {{old: {{source: {release}}}}}");
        await using var front = await Front.StartAsync(_folder);
        await front.ActiveAsync(1, "old");
        _folder.Configure($"apps: {{new: {{source: {release}}}}}");
        Assert.Equal(0, (await front.RunAsync("reload")).Code);
        await front.ActiveAsync(1, "new");
        await front.LoggedAsync("old is out of service");
        using var visitor = new Visitor(front.Address);
        Assert.Equal("new.1.1", (await visitor.GetAsync()).Worker);
        Assert.Single(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task Three_instances_share_the_traffic_and_are_replaced_together()
    {
        _folder.Configure("apps: {web: {instances: 3, probation: 0s}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);
        Assert.Equal(["web.1.1", "web.1.2", "web.1.3"], await WorkersSeenAsync(front));
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
        Assert.Equal(["web.2.1", "web.2.2", "web.2.3"], await WorkersSeenAsync(front));

        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        await front.SettledAsync();
        Assert.Equal(3, _folder.WorkerPids.Count);
        Assert.Equal(0, await front.StopAsync());
        Assert.Empty(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_bad_instance_of_three_fails_the_deploy_and_the_others_go_too()
    {
        _folder.Configure("apps: {web: {instances: 3, probation: 0s}}");
        await using var front = await Front.StartAsync(_folder);
        var release = SampleRelease.Make(_folder, "v1");
        File.WriteAllText(Path.Combine(release, "Procfile"),
            "web: sh -c 'case $BLUEGREEN_WORKER in *.2) echo no seat left; exit 9;; esac; exec ./SampleWorker'\n");
        var deployed = await front.DeployAsync(release);
        Assert.Equal(1, deployed.Code);
        Assert.Equal(9, deployed.Event("failed").Number("exitCode"));
        Assert.Equal("no seat left", deployed.Event("failed").Joined("output"));
        Assert.Empty(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task Workers_on_unix_sockets_serve_and_are_replaced_without_loss()
    {
        _folder.Configure("apps: {web: {bind: unix, instances: 2}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        Assert.All((await front.StatusAsync()).App().Active!.Workers, worker =>
            Assert.Contains($"{_folder.State}/run/{worker.Id}.sock", worker.Address, StringComparison.Ordinal));
        await using var load = await RunningLoad.StartAsync(front.Address);
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["1", "2"], report.Releases.Select(seen => seen.Release));
        Assert.Equal(0, await front.StopAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.State, "run")));
    }

    private static async Task<IEnumerable<string>> WorkersSeenAsync(Front front)
    {
        using var visitor = new Visitor(front.Address);
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (var visit = 0; visit < 60; visit++)
            seen.Add((await visitor.GetAsync()).Worker);
        return seen;
    }
}
