using System.Net;
using System.Text;
using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Faults.Jobs;

namespace BlueGreen.EndToEnd.Tests.Processes;

public sealed class LeaderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly JobWatch _jobs;

    public LeaderTests() => _jobs = new JobWatch(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task One_of_two_workers_leads_and_the_next_release_takes_over_once_it_has_ended()
    {
        await using var front = await StartAsync(Make("v1", "job-stop-ms=700"));
        var first = await _jobs.RunsAsync(1);

        var deployed = await front.DeployAsync(Make("v2"));
        Assert.True(deployed.Code == 0, deployed.ToString());

        var second = await _jobs.RunsAsync(2);
        await front.SettledAsync();
        Assert.True(second.Generation > first.Generation);
        Assert.True(_jobs.History.Terms[0].HasEnded);
        _jobs.AssertOnce();
        // What each worker was told, in order: nobody leads who was not standby before.
        var told = _jobs.Lines.Where(line => !line.IsOfJob).GroupBy(line => line.Pid).ToList();
        Assert.Equal(4, told.Count);
        Assert.All(told, lines => Assert.Equal(JobLineKind.Standby, lines.First().Kind));
        Assert.All(told.Where(lines => lines.First().Release == 1), lines => Assert.Equal(JobLineKind.Draining, lines.Last().Kind));
    }

    [Theory(Timeout = 90_000)]
    [InlineData("role-deaf-to=standby")]
    [InlineData("role-deaf-to=active")]
    [InlineData("role-deaf-to=leader")]
    [InlineData("role-mute-to=standby")]
    [InlineData("role-mute-to=leader")]
    [InlineData("role-delay-ms=6000")]
    public async Task A_worker_that_does_not_acknowledge_fails_the_deploy_and_the_old_leader_leads(string behaviour)
    {
        await using var front = await StartAsync(Make("v1"));
        var old = await _jobs.RunsAsync(1);

        var deployed = await front.RunAsync("deploy", Make("v2", behaviour));

        Assert.True(deployed.Code == 1, deployed.ToString());
        Assert.Contains("worker web.2.", deployed.Output, StringComparison.Ordinal);
        Assert.Contains("did not acknowledge that it is ", deployed.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await front.StatusAsync()).App().Active!.Release);
        var now = await _jobs.RunsAsync(1);
        await _jobs.GoesOnAsync();
        _jobs.AssertOnce();
        if (_jobs.Lines.Any(line => line is { Kind: JobLineKind.Draining, Release: 1 }))
            Assert.True(now.Generation > old.Generation, "an old leader that was told to drain leads under a higher number");

        Assert.Equal(0, (await front.DeployAsync(Make("v3"))).Code);
        await _jobs.RunsAsync(3);
        _jobs.AssertOnce();
    }

    [Theory(Timeout = 90_000)]
    [InlineData("role-deaf-to=draining")]
    [InlineData("role-mute-to=draining")]
    [InlineData("job-stop-ms=60000")]
    public async Task An_old_leader_that_does_not_acknowledge_keeps_the_new_one_from_leading(string behaviour)
    {
        await using var front = await StartAsync(Make("v1", behaviour));
        await _jobs.RunsAsync(1);

        var deployed = await front.RunAsync("deploy", Make("v2"));

        Assert.True(deployed.Code == 1, deployed.ToString());
        Assert.Equal(1, (await front.StatusAsync()).App().Active!.Release);
        _jobs.AssertOnce();
        Assert.DoesNotContain(_jobs.History.Terms, term => term.Release == 2);
        await Until.TrueAsync(() => _jobs.Last is { HasEnded: false, Release: 1 } term && ProcessTable.IsAlive(term.Pid));
        await _jobs.GoesOnAsync();
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_worker_that_acknowledges_late_but_in_time_is_waited_for()
    {
        await using var front = await StartAsync(Make("v1", "role-delay-ms=600"));
        await _jobs.RunsAsync(1);

        var deployed = await front.DeployAsync(Make("v2", "role-delay-ms=600"));

        Assert.True(deployed.Code == 0, deployed.ToString());
        await _jobs.RunsAsync(2);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task With_continue_a_deploy_goes_on_without_the_acknowledgement()
    {
        await using var front = await StartAsync(Make("v1"), onTimeout: "continue");
        await _jobs.RunsAsync(1);

        var deployed = await front.DeployAsync(Make("v2", "role-mute-to=active"));

        Assert.True(deployed.Code == 0, deployed.ToString());
        await _jobs.RunsAsync(2);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task When_the_leader_dies_another_one_leads_under_a_higher_number()
    {
        await using var front = await StartAsync(Make("v1"));
        for (var times = 0; times < 3; times++)
        {
            var leader = await _jobs.RunsAsync(1);
            ProcessTable.Signal(leader.Pid, Signals.Kill);
            await _jobs.RunsAsync(1, above: leader.Generation);
            await Until.TrueAsync(async () => (await front.StatusAsync()).App().Active!.Workers is { Count: 2 } workers
                && workers.All(worker => worker.State == "healthy"));
        }
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_leader_that_is_scaled_away_hands_its_lead_over()
    {
        await using var front = await StartAsync(Make("v1"));
        var first = await _jobs.RunsAsync(1);
        ProcessTable.Signal(first.Pid, Signals.Kill);
        // Now the worker in the last place leads, and that is the one that goes.
        var second = await _jobs.RunsAsync(1, above: first.Generation);
        await Until.TrueAsync(async () => (await front.StatusAsync()).App().Active!.Workers is { Count: 2 } workers
            && workers.All(worker => worker.State == "healthy"));

        Assert.Equal(0, (await front.RunAsync("scale", "web=1")).Code);

        var third = await _jobs.RunsAsync(1, above: second.Generation);
        Assert.NotEqual(second.Pid, third.Pid);
        Assert.True(_jobs.History.Terms[1].HasEnded);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_leader_that_hangs_is_gone_before_another_one_leads()
    {
        await using var front = await StartAsync(Make("v1"));
        var leader = await _jobs.RunsAsync(1);

        ProcessTable.Signal(leader.Pid, Signals.Stop);

        await _jobs.RunsAsync(1, above: leader.Generation);
        Assert.False(ProcessTable.IsAlive(leader.Pid));
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_leader_goes_on_over_a_front_that_is_killed_and_the_next_one_knows_it()
    {
        await _jobs.OutliveAsync(await StartAsync(Make("v1")));
        await using var next = await Front.StartAsync(_folder);
        await next.ActiveAsync(1);
        var before = await _jobs.RunsAsync(1);

        Assert.Equal(0, (await next.DeployAsync(Make("v2"))).Code);
        await _jobs.RunsAsync(2, above: before.Generation);
        Assert.Equal(0, (await next.RollbackAsync()).Code);
        await _jobs.RunsAsync(1, above: before.Generation + 1);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_leader_that_died_while_there_was_no_front_is_followed_by_one_with_a_higher_number()
    {
        await _jobs.OutliveAsync(await StartAsync(Make("v1")));
        var before = _jobs.Last!;
        ProcessTable.Signal(before.Pid, Signals.Kill);

        await using var next = await Front.StartAsync(_folder);
        await _jobs.RunsAsync(1, above: before.Generation);
        _jobs.AssertOnce();
    }

    [Theory(Timeout = 90_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_state_is_lost_too_nobody_leads_beside_the_one_that_still_does(bool isStopped)
    {
        await _jobs.OutliveAsync(await StartAsync(Make("v1")));
        var before = _jobs.Last!;
        _folder.LoseState();
        if (isStopped)
            ProcessTable.Signal(before.Pid, Signals.Stop);

        await using var next = await Front.StartAsync(_folder);
        await next.ActiveAsync(1);
        await _jobs.RunsAsync(1, above: before.Generation);
        Assert.Equal(0, (await next.DeployAsync(Make("v2"))).Code);
        await _jobs.RunsAsync(2, above: before.Generation);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_release_that_dies_in_its_probation_gives_the_lead_back()
    {
        await using var front = await StartAsync(Make("v1"), probation: "20s");
        var old = await _jobs.RunsAsync(1);

        await front.RunAsync("deploy", Make("mortal", "exit-after-ms=3000"));

        await Until.TrueAsync(() => _jobs.History.Terms.Any(term => term.Release == 2));
        await _jobs.RunsAsync(1, above: old.Generation);
        await front.ActiveAsync(1);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task Workers_without_HTTP_read_their_role_from_a_file_and_acknowledge_beside_it()
    {
        await using var front = await StartAsync(Make("v1", "role-file=true"), roles: "{timeout: 2s}");
        var first = await _jobs.RunsAsync(1);

        var deployed = await front.DeployAsync(Make("v2", "role-file=true"));
        Assert.True(deployed.Code == 0, deployed.ToString());
        await _jobs.RunsAsync(2, above: first.Generation);
        Assert.Equal(0, (await front.RollbackAsync()).Code);
        await _jobs.RunsAsync(1, above: first.Generation);
        _jobs.AssertOnce();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_worker_that_does_not_know_the_path_fails_the_deploy_and_the_reason_says_so()
    {
        await using var front = await StartAsync(Make("v1"));
        await _jobs.RunsAsync(1);

        // It reads a file, so it has no such endpoint.
        var deployed = await front.RunAsync("deploy", Make("v2", "role-file=true"));

        Assert.True(deployed.Code == 1, deployed.ToString());
        Assert.Contains("404", deployed.Output + deployed.Errors, StringComparison.Ordinal);
        await _jobs.GoesOnAsync();
        _jobs.AssertOnce();
    }

    [Theory(Timeout = 90_000)]
    [InlineData("/-/role")]
    [InlineData("/-/role?x=1")]
    [InlineData("/-/%72ole")]
    public async Task Nobody_outside_can_tell_a_worker_its_role(string path)
    {
        await using var front = await StartAsync(Make("v1"));
        await front.ActiveAsync(1);
        var leader = await _jobs.RunsAsync(1);
        using var client = new HttpClient { BaseAddress = front.Address };
        using var message = new StringContent("""{"role":"draining","generation":9000000,"release":1,"leader":false}""", Encoding.UTF8, "application/json");

        for (var times = 0; times < 4; times++)
        {
            using var answer = await client.PostAsync(path, message, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.Equal(leader.Generation, (await _jobs.GoesOnAsync()).Generation);
        Assert.DoesNotContain(_jobs.Lines, line => line.Generation == 9000000);
    }

    private async Task<Front> StartAsync(
        string release, string probation = "0s", string? onTimeout = null, string roles = "{path: /-/role, timeout: 2s}")
    {
        if (onTimeout is not null)
            roles = $"{{path: /-/role, timeout: 2s, onTimeout: {onTimeout}}}";
        _folder.Configure($$"""
            apps:
              web:
                env: {JOB_FILE: {{_jobs.Path}}}
                instances: 2
                roles: {{roles}}
                probation: {{probation}}
                health: {interval: 200ms, timeout: 1s, failures: 3}
                drain: {requests: 5s, stop: 1s}
            """);
        var front = await Front.StartAsync(_folder, release);
        // A leader leads before the switch; one that dies in between would fail the deployment.
        await front.ActiveAsync(1);
        return front;
    }

    private string Make(string name, params string[] behaviour) => SampleRelease.Make(_folder, name, behaviour);
}
