using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed class AdoptionTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task The_workers_of_a_killed_front_serve_on_behind_the_next_one(string bind)
    {
        _folder.Configure($"apps: {{web: {{bind: {bind}, instances: 2, probation: 0s}}}}");
        WorkerStatus[] before;
        await using (var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1")))
        {
            await first.ActiveAsync(1);
            before = [.. (await first.StatusAsync()).App().Active!.Workers];
            await first.KillAsync();
        }

        await using var second = await Front.StartAsync(_folder);
        using var visitor = new Visitor(second.Address);
        Assert.Equal(200, (await visitor.GetAsync()).Status);
        await HealthyAsync(second, 2);
        var app = (await second.StatusAsync()).App();
        Assert.Equal(before.Select(worker => (worker.Id, worker.Pid, worker.Address)), app.Active!.Workers.Select(worker => (worker.Id, worker.Pid, worker.Address)));

        // Looked after like any other: replaced when it dies, under a name of its own, and stopped at the end.
        ProcessTable.Signal(before[0].Pid, Signals.Kill);
        await Until.TrueAsync(async () => (await second.StatusAsync()).App().Active!.Workers.Any(worker => worker.Restarts == 1 && worker.State == "healthy"));
        Assert.Equal("web.1.3", (await second.StatusAsync()).App().Active!.Workers.Single(worker => worker.Restarts == 1).Id);
        var deployed = await second.DeployAsync(SampleRelease.Make(_folder, "v2"));
        Assert.True(deployed.Code == 0, deployed.ToString());
        await second.SettledAsync();
        Assert.Equal(2, _folder.WorkerPids.Count);
        Assert.Equal(0, await second.StopAsync());
        Assert.Empty(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_died_with_the_front_is_started_again()
    {
        int died;
        await using (var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1")))
        {
            await first.ActiveAsync(1);
            died = (await first.StatusAsync()).App().Active!.Workers[0].Pid;
            await first.KillAsync();
        }

        ProcessTable.Signal(died, Signals.Kill);
        await using var second = await Front.StartAsync(_folder);
        using var visitor = new Visitor(second.Address);
        var answer = await visitor.GetAsync();
        Assert.Equal((200, "1"), (answer.Status, answer.Release));
        Assert.Single(_folder.WorkerPids);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_probation_goes_on_under_the_next_front()
    {
        _folder.Configure("apps: {web: {probation: 60s}}");
        await using (var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1")))
        {
            await first.ActiveAsync(1);
            Assert.Equal(0, (await first.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
            await first.KillAsync();
        }

        await using var second = await Front.StartAsync(_folder);
        await HealthyAsync(second, 1);
        var app = (await second.StatusAsync()).App();
        Assert.Equal((2, 1), (app.Probation!.Release, app.Probation.Fallback));
        ProcessTable.Signal(app.Active!.Workers[0].Pid, Signals.Kill);
        await second.ActiveAsync(1);
        Assert.Equal(app.In("standby").Workers[0].Pid, (await second.StatusAsync()).App().Active!.Workers[0].Pid);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_release_on_probation_that_died_with_the_front_is_not_started_again()
    {
        _folder.Configure("apps: {web: {probation: 60s}}");
        int warm;
        await using (var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1")))
        {
            await first.ActiveAsync(1);
            warm = (await first.StatusAsync()).App().Active!.Workers[0].Pid;
            Assert.Equal(0, (await first.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
            var bad = (await first.StatusAsync()).App().Active!.Workers[0].Pid;
            await first.KillAsync();
            ProcessTable.Signal(bad, Signals.Kill);
        }

        await using var second = await Front.StartAsync(_folder);
        await second.ActiveAsync(1);
        Assert.Equal(warm, (await second.StatusAsync()).App().Active!.Workers[0].Pid);
        await second.LoggedAsync("which was on probation, has survived: rolling back to release 1");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_that_was_stopped_in_order_during_a_probation_starts_the_new_release()
    {
        _folder.Configure("apps: {web: {probation: 60s}}");
        await using (var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1")))
        {
            await first.ActiveAsync(1);
            Assert.Equal(0, (await first.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await Front.StartAsync(_folder);
        await second.ActiveAsync(2);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_any_state_the_store_and_the_living_workers_tell_what_served()
    {
        int serving;
        await using (var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1")))
        {
            await first.ActiveAsync(1);
            Assert.Equal(0, (await first.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
            Assert.Equal(0, (await first.RollbackAsync()).Code);
            await first.SettledAsync();
            serving = (await first.StatusAsync()).App().Active!.Workers[0].Pid;
            await first.KillAsync();
        }

        File.Delete(_folder.In("s", "state.json"));
        File.Delete(_folder.In("s", "state.json.previous"));
        await using var second = await Front.StartAsync(_folder);
        await second.ActiveAsync(1);
        Assert.Equal(serving, (await second.StatusAsync()).App().Active!.Workers[0].Pid);
        await second.LoggedAsync("The state of web is lost");
        Assert.Equal(3, (await second.DeployAsync(SampleRelease.Make(_folder, "v3"))).Event("switched").Release);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_workers_of_an_app_that_is_configured_no_more_are_stopped()
    {
        var release = SampleRelease.Make(_folder, "v1");
        _folder.Configure($"apps: {{old: {{source: {release}, path: /old}}, web: {{source: {release}}}}}");
        await using (var first = await Front.StartAsync(_folder))
        {
            await first.ActiveAsync(1);
            await first.ActiveAsync(1, "old");
            await first.KillAsync();
        }

        Assert.Equal(2, _folder.WorkerPids.Count);
        _folder.Configure($"apps: {{web: {{source: {release}}}}}");
        await using var second = await Front.StartAsync(_folder);
        await second.ActiveAsync(1);
        await Until.TrueAsync(() => _folder.WorkerPids.Count == 1);
    }

    private static Task HealthyAsync(Front front, int count) => Until.TrueAsync(async () =>
        (await front.StatusAsync()).App().Active?.Workers is { } workers && workers.Count(worker => worker.State == "healthy") == count);
}
