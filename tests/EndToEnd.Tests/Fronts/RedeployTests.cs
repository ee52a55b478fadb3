using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed class RedeployTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Eight_USR2_within_200_ms_make_at_most_two_deployments()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);
        for (var signal = 0; signal < 8; signal++)
        {
            front.Signal(Signals.User2);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        await front.ActiveAsync(2);
        await front.SettledAsync();
        Assert.Single(_folder.WorkerPids);

        // A deployment that one of the signals still had to its credit would have this one refused.
        var next = await front.DeployAsync(SampleRelease.Make(_folder, "next"));
        Assert.True(next.Code == 0, next.ToString());
        Assert.InRange(next.Event("switched").Release, 3, 4);
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(report.Releases.Select(seen => seen.Release).Order(), report.Releases.Select(seen => seen.Release));
        await front.SettledAsync();
        Assert.Single(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task USR2_while_the_front_starts_is_neither_fatal_nor_lost()
    {
        await using var front = Front.Start(_folder, SampleRelease.Make(_folder, "v1"));
        await Until.TrueAsync(() => ProcessTable.Handles(front.Pid, Signals.User2));
        front.Signal(Signals.User2);
        Assert.DoesNotContain("listens on", front.Log, StringComparison.Ordinal);
        await front.ReadyAsync();
        await front.ActiveAsync(2);
        await front.SettledAsync();
        Assert.Single(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task USR2_during_a_deployment_is_followed_by_one_more()
    {
        var gate = _folder.In("gate");
        await using var front = await Front.StartAsync(_folder, SampleRelease.MakeGated(_folder, "v1", gate));
        front.Signal(Signals.User2);
        await front.LoggedAsync("USR2");
        Assert.Equal(1, (await front.StatusAsync()).App().Deployment!.Release);
        _folder.Write("gate", "");
        await front.ActiveAsync(2);
        await front.SettledAsync();
        Assert.Single(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task USR2_deploys_each_app_from_its_configured_source()
    {
        _folder.Configure($$"""
            apps:
              one: {path: /one, source: {{SampleRelease.Make(_folder, "a")}}}
              two: {path: /two, source: {{SampleRelease.Make(_folder, "b")}}}
            """);
        await using var front = await Front.StartAsync(_folder);
        await front.ActiveAsync(1, "one");
        await front.ActiveAsync(1, "two");
        front.Signal(Signals.User2);
        await front.ActiveAsync(2, "one");
        await front.ActiveAsync(2, "two");
        Assert.Equal("a", (await front.StatusAsync()).App("one").Active!.Label);
        Assert.Equal("b", (await front.StatusAsync()).App("two").Active!.Label);
    }

    [Fact(Timeout = 60_000)]
    public async Task HUP_reloads_the_configuration()
    {
        _folder.Configure("apps: {web: {drain: {requests: 30s}}}");
        await using var front = await Front.StartAsync(_folder);
        _folder.Configure("apps: {web: {drain: {requests: 7s}}}");
        front.Signal(Signals.Hangup);
        await front.LoggedAsync("Reloaded: web: drain.requests 30s -> 7s");
        _folder.Configure("apps: {web: {drian: {requests: 8s}}}");
        front.Signal(Signals.Hangup);
        await front.LoggedAsync("The configuration stays as it was");
        Assert.Contains("did you mean", front.Log, StringComparison.OrdinalIgnoreCase);
    }
}
