using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class SlowStartTests : IDisposable
{
    private const string Long = "apps: {web: {probation: 0s, slowStart: 24s}}";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task The_new_release_gets_ever_more_requests_and_all_once_it_is_switched_to()
    {
        _folder.Configure("apps: {web: {probation: 0s, slowStart: 4s}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);

        var deployed = await front.DeployAsync(SampleRelease.Make(_folder, "v2"));
        await load.FurtherAsync(200);
        var report = await load.StopAsync();

        Assert.True(deployed.Code == 0, deployed.ToString());
        Assert.True(report.IsFlawless, report.ToString());
        var told = deployed.Events.Where(one => one.Name == "warming").ToArray();
        Assert.Equal([0, 25, 50, 75], told.Select(one => one.Number("share")));
        var switched = deployed.Event("switched").At;
        Assert.Empty(report.StrayAnswers(switched, "2"));

        // Each quarter of it by the requests that began in it; ends that people are told of are not to the millisecond.
        long[] edges = [.. told.Select(one => one.At), switched];
        var shares = edges.Zip(edges.Skip(1)).Select(quarter =>
        {
            var within = report.Answers.Where(answer => answer.Started >= quarter.First && answer.Started < quarter.Second).ToArray();
            return (double)within.Count(answer => answer.Release == "2") / within.Length;
        }).ToArray();
        Assert.InRange(shares[0], 0.02, 0.30);
        Assert.InRange(shares[1], 0.25, 0.55);
        Assert.InRange(shares[2], 0.45, 0.80);
        Assert.InRange(shares[3], 0.70, 1.00);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_candidate_that_is_killed_amid_it_is_discarded_and_nobody_notices()
    {
        _folder.Configure(Long);
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);
        await using var deploying = front.StartCommand("deploy", SampleRelease.Make(_folder, "v2"), "--json");
        await deploying.WaitForLineAsync(line => line.Contains("\"share\":25", StringComparison.Ordinal));

        var candidate = (await front.StatusAsync()).App().In("candidate");
        ProcessTable.Signal(candidate.Workers[0].Pid, Signals.Kill);
        var deployed = await CliResult.OfAsync(deploying);

        Assert.Equal(1, deployed.Code);
        var failed = deployed.Event("failed");
        Assert.Equal(("warming", 137, 1), (failed.Text("step"), failed.Number("exitCode"), failed.Number("stillActive")));
        Assert.StartsWith("worker web.2.1 ended during its slow start: killed by SIGKILL after ", failed.Text("reason"), StringComparison.Ordinal);
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["1", "2"], report.Releases.Select(seen => seen.Release));
        Assert.Empty(report.StrayAnswers(failed.At, "1"));
        Assert.Single(_folder.WorkerPids);
    }

    [Fact(Timeout = 90_000)]
    public async Task One_that_fails_its_checks_finishes_what_it_has()
    {
        _folder.Configure("apps: {web: {probation: 0s, slowStart: 24s, health: {interval: 100ms, failures: 2}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        var flag = _folder.In("unhealthy");
        await using var deploying = front.StartCommand("deploy", SampleRelease.Make(_folder, "v2", $"unhealthy-while={flag}"), "--json");
        await deploying.WaitForLineAsync(line => line.Contains("\"share\":25", StringComparison.Ordinal));
        using var visitor = new Visitor(front.Address);
        // One in four of them goes to the candidate.
        var slow = Enumerable.Range(0, 12).Select(_ => visitor.GetAsync("/slow?ms=3000")).ToArray();
        await Until.TrueAsync(async () => (await front.StatusAsync()).App().In("candidate").Workers[0].InFlight.Total > 0);

        await File.WriteAllTextAsync(flag, "", TestContext.Current.CancellationToken);
        var deployed = await CliResult.OfAsync(deploying);

        var answers = await Task.WhenAll(slow);
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        var ofTheCandidate = answers.Count(answer => answer.Release == "2");
        Assert.True(ofTheCandidate > 0);
        Assert.Equal(1, deployed.Code);
        var failed = deployed.Event("failed");
        Assert.Equal("worker web.2.1 failed 2 checks in a row during its slow start: GET /healthz answered 503", failed.Text("reason"));
        Assert.Equal((ofTheCandidate, 0), (failed.Number("drained"), failed.Number("cut")));
        Assert.Equal("1", (await visitor.GetAsync()).Release);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_front_that_is_killed_amid_it_leaves_the_old_release_to_the_next_one()
    {
        _folder.Configure(Long);
        await using var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await first.ActiveAsync(1);
        var old = (await first.StatusAsync()).App().Active!.Workers[0].Pid;
        await using var deploying = first.StartCommand("deploy", SampleRelease.Make(_folder, "v2"), "--json");
        await deploying.WaitForLineAsync(line => line.Contains("\"share\":25", StringComparison.Ordinal));
        await first.KillAsync();
        Assert.Equal(2, _folder.WorkerPids.Count);

        await using var second = await Front.StartAsync(_folder);
        await second.ActiveAsync(1);
        await Until.TrueAsync(() => _folder.WorkerPids.Count == 1);

        Assert.Equal(old, (await second.StatusAsync()).App().Active!.Workers[0].Pid);
        using var visitor = new Visitor(second.Address);
        Assert.Equal("1", (await visitor.GetAsync()).Release);
        Assert.Contains("\"outcome\":\"interrupted\",\"step\":\"warming\"", (await second.RunAsync("history", "--json")).Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_front_that_is_stopped_amid_it_finishes_what_is_in_flight_on_both()
    {
        _folder.Configure(Long);
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var deploying = front.StartCommand("deploy", SampleRelease.Make(_folder, "v2"), "--json");
        await deploying.WaitForLineAsync(line => line.Contains("\"share\":25", StringComparison.Ordinal));
        using var visitor = new Visitor(front.Address);
        var slow = Enumerable.Range(0, 12).Select(_ => visitor.GetAsync("/slow?ms=1500")).ToArray();
        await Until.TrueAsync(async () => (await front.StatusAsync()).App().Releases.All(release => release.Workers[0].InFlight.Total > 0));

        Assert.Equal(0, await front.StopAsync());

        Assert.Equal(["1", "2"], (await Task.WhenAll(slow)).Select(answer => answer.Release).Distinct().Order());
        Assert.Equal("the front is stopping", (await CliResult.OfAsync(deploying)).Event("failed").Text("reason"));
        Assert.Empty(_folder.WorkerPids);
    }
}
