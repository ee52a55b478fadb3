using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class WarmUpTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task The_requests_reach_a_new_worker_before_those_of_any_user_and_nothing_is_lost()
    {
        _folder.Configure("apps: {web: {instances: 2, probation: 0s, warmup: {requests: [GET /, '/log?line=warm-up'], rounds: 7}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(new Uri(front.Address, "/log?line=user"));

        var deployed = await front.DeployAsync(SampleRelease.Make(_folder, "v2"));

        Assert.True(deployed.Code == 0, deployed.ToString());
        Assert.Equal(
            ["fetching", "preparing", "starting", "probing", "warming", "warming", "switched", "draining", "completed"], deployed.EventNames);
        var (begun, ended) = (deployed.Events[4], deployed.Events[5]);
        Assert.Equal((2, 14), (begun.Number("workers"), begun.Number("requests")));
        Assert.Equal((28, 0), (ended.Number("answered"), ended.Number("unexpected")));
        Assert.True(ended.Json.GetProperty("firstRoundMs").GetDouble() > 0);
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["1", "2"], report.Releases.Select(seen => seen.Release));
        foreach (var worker in (string[])["web.2.1", "web.2.2"])
        {
            var printed = await File.ReadAllLinesAsync(_folder.In("s", "logs", "web", $"{worker}.log"), TestContext.Current.CancellationToken);
            Assert.Equal(7, printed.TakeWhile(line => line != "user").Count(line => line == "warm-up"));
            Assert.Equal(7, printed.Count(line => line == "warm-up"));
            Assert.Contains("user", printed);
        }

        var shown = await front.RunAsync("deploy", SampleRelease.Make(_folder, "v3"));
        Assert.Contains("\nweb: warming up 2 workers with 14 requests each\nweb: warmed up 2 workers: 28 requests answered, the slowest of the first round after ", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"warmMs\":", (await front.RunAsync("history", "--json")).Lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_page_that_fails_refuses_the_release_and_nobody_notices()
    {
        _folder.Configure("apps: {web: {probation: 0s, warmup: {requests: [/, /status/500]}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);

        var refused = await front.RunAsync("deploy", SampleRelease.Make(_folder, "v2", "print-at-start=hello from v2"));

        Assert.Equal(1, refused.Code);
        Assert.Contains("web: failed at warming: worker web.2.1 failed its warm-up: GET /status/500 was answered 500\n    hello from v2\nweb: release 1 still serves", refused.Output, StringComparison.Ordinal);
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["1"], report.Releases.Select(seen => seen.Release));
        Assert.Single(_folder.WorkerPids);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_page_that_kills_the_worker_shows_how_it_ended()
    {
        _folder.Configure("apps: {web: {probation: 0s, warmup: {requests: [/, /crash]}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);

        var refused = await front.DeployAsync(SampleRelease.Make(_folder, "v2"));

        Assert.Equal(1, refused.Code);
        var failed = refused.Event("failed");
        Assert.Equal(("warming", 3, 1), (failed.Text("step"), failed.Number("exitCode"), failed.Number("stillActive")));
        Assert.StartsWith("worker web.2.1 ended during its warm-up: exit status 3 after ", failed.Text("reason"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 90_000)]
    public async Task Paths_that_users_asked_for_are_sent_to_the_next_release_without_their_queries()
    {
        _folder.Configure("apps: {web: {probation: 0s, warmup: {replay: 10, rounds: 3}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var visitor = new Visitor(front.Address);
        for (var i = 0; i < 3; i++)
        {
            await visitor.GetAsync("/log?line=SECRET");
            await visitor.GetAsync("/status/404");
        }

        // What is counted is counted after the answer.
        await visitor.GetAsync("/log?line=SECRET");

        var deployed = await front.DeployAsync(SampleRelease.Make(_folder, "v2"));

        Assert.True(deployed.Code == 0, deployed.ToString());
        Assert.Equal([3, 3], deployed.Events.Where(told => told.Name == "warming").Select(told => told.Number(told.Json.TryGetProperty("requests", out _) ? "requests" : "answered")));
        var printed = await File.ReadAllLinesAsync(_folder.In("s", "logs", "web", "web.2.1.log"), TestContext.Current.CancellationToken);
        Assert.Equal(["", "", ""], printed);
        foreach (var file in Directory.EnumerateFiles(_folder.State, "*.json*"))
        {
            Assert.DoesNotContain("SECRET", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }
}
