using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Workers;

public sealed class DeadWorkerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_worker_killed_under_kept_alive_load_fails_nobody(int instances)
    {
        _folder.Configure($"apps: {{web: {{instances: {instances}, probation: 0s}}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);

        for (var kill = 1; kill <= 3; kill++)
        {
            var before = (await front.StatusAsync()).App().Active!.Workers;
            ProcessTable.Signal(before[0].Pid, Signals.Kill);
            await HealthyAsync(front, instances, without: before[0].Pid);
            await load.FurtherAsync(200);
        }

        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(10, report.ConnectionsOpened);
        var workers = (await front.StatusAsync()).App().Active!.Workers;
        Assert.Equal(3, workers.Sum(worker => worker.Restarts));
        Assert.Equal(instances, _folder.WorkerPids.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task While_the_only_worker_is_down_requests_wait_within_bounds_and_then_are_told_to_come_again()
    {
        var gate = _folder.In("gate");
        _folder.Configure("apps: {web: {probation: 0s, hold: {requests: 2, wait: 700ms}}}");
        _folder.Write("gate", "");
        await using var front = await Front.StartAsync(_folder, SampleRelease.MakeGated(_folder, "v1", gate));
        await front.ActiveAsync(1);
        var only = (await front.StatusAsync()).App().Active!.Workers[0];
        File.Delete(gate);
        ProcessTable.Signal(only.Pid, Signals.Kill);
        await Until.TrueAsync(async () => (await front.StatusAsync()).App().Active!.Workers.All(worker => worker.Pid != only.Pid));

        using var visitor = new Visitor(front.Address);
        var waiting = new[] { visitor.GetAsync(), visitor.GetAsync() };
        await Until.TrueAsync(async () => (await front.StatusAsync()).App().Held == 2);
        var third = await visitor.GetAsync();
        Assert.Equal(503, third.Status);
        Assert.Contains("too many wait", third.Body, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(503, answer.Status));

        _folder.Write("gate", "");
        await HealthyAsync(front, 1, without: only.Pid);
        Assert.Equal(200, (await visitor.GetAsync()).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_hangs_is_replaced_and_what_it_had_is_answered_by_another()
    {
        _folder.Configure("""
            apps:
              web:
                instances: 2
                probation: 0s
                health: {interval: 100ms, timeout: 300ms, failures: 2}
                drain: {requests: 500ms, streams: 500ms, stop: 200ms}
            """);
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);
        var hung = (await front.StatusAsync()).App().Active!.Workers[0];

        ProcessTable.Signal(hung.Pid, Signals.Stop);

        await HealthyAsync(front, 2, without: hung.Pid);
        await Until.TrueAsync(() => !ProcessTable.IsAlive(hung.Pid));
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_every_worker_fails_its_checks_requests_go_to_them_and_the_status_says_so()
    {
        _folder.Configure("apps: {web: {probation: 0s, health: {interval: 100ms, failures: 2}}}");
        var sick = _folder.In("sick");
        var release = SampleRelease.Make(_folder, "v1", $"unhealthy-while={sick}");
        await using var front = await Front.StartAsync(_folder, release);
        await front.ActiveAsync(1);

        _folder.Write("sick", "");
        await Until.TrueAsync(async () => (await front.StatusAsync()).App().AllUnhealthy);
        using var visitor = new Visitor(front.Address);
        Assert.Equal(200, (await visitor.GetAsync()).Status);
        Assert.Contains("every worker fails its checks", (await front.RunAsync("status")).Output, StringComparison.Ordinal);

        File.Delete(sick);
        await Until.TrueAsync(async () => !(await front.StatusAsync()).App().AllUnhealthy);
    }

    private static Task HealthyAsync(Front front, int count, int without) => Until.TrueAsync(async () =>
        (await front.StatusAsync()).App().Active!.Workers is var workers
        && workers.Count == count && workers.All(worker => worker.State == "healthy" && worker.Pid != without));
}
