using System.Text.Json;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Tests.Deployments.Roles;

public sealed class AppRolesTests : IAsyncDisposable
{
    /// <summary>Notes each role it reads, in the order in which all workers do, and acknowledges those it does not object to.</summary>
    private const string Worker = """
        seen=
        while :; do
          if [ -e "$BLUEGREEN_ROLE_FILE" ]; then
            role=$(cat "$BLUEGREEN_ROLE_FILE")
            if [ "$role" ] && [ "$role" != "$seen" ]; then
              seen=$role; echo "$BLUEGREEN_WORKER $role" >>"$NOTES"
              generation=${role#*\"generation\":}
              case $role in
                *$1*) ;;
                *) echo "${generation%%,*}" >"$BLUEGREEN_ROLE_FILE.ack" ;;
              esac
            fi
          fi
          sleep 0.02
        done
        """;

    private readonly string _notes = Path.Combine(Path.GetTempPath(), $"bluegreen-notes-{Guid.NewGuid():n}");
    private readonly DeploymentBench _bench;

    public AppRolesTests() => _bench = new DeploymentBench(options => options with
    {
        Env = new Dictionary<string, string> { ["NOTES"] = _notes },
        Instances = 2,
        Roles = new RoleOptions { Timeout = TimeSpan.FromSeconds(2) },
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private AppRoles Roles => _bench.Services.Roles.Of(_bench.App);

    private Note[] Notes => File.Exists(_notes) ? [.. File.ReadAllLines(_notes).Select(Note.Parse)] : [];

    private IEnumerable<Note> Leaders => Notes.Where(note => note.Leader);

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        File.Delete(_notes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_worker_is_told_standby_then_active_and_one_of_them_that_it_leads_before_the_switch()
    {
        var deployment = await DeployAsync("v1", "switched");

        var told = deployment.Select(one => one.Event).ToArray();
        Assert.Equal(["probing", "handingover", "switched"], told[^3..]);
        Assert.Equal(["standby", "standby", "active", "active"], Notes.Select(note => note.Role));
        Assert.All(Notes, note => Assert.Equal(1, note.Release));
        var leader = Assert.Single(Leaders);
        Assert.Equal((Roles.Leader!.Process.Id, Roles.Generation), (leader.Worker, leader.Generation));
        Assert.Equal(new JournaledLeader(leader.Worker, leader.Generation), _bench.Journal.Leader);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_old_leader_gives_up_its_lead_before_the_new_one_is_told_and_each_generation_is_higher()
    {
        // Without in-flight requests the other one could be stopped before it has read anything.
        _bench.App.Options = _bench.App.Options with { Keep = _bench.App.Options.Keep with { Warm = TimeSpan.FromMinutes(5) } };
        await DeployAsync("v1", "completed");
        await DeployAsync("v2", "completed");
        await Eventually.TrueAsync(() => Notes.Count(note => note is { Role: "draining", Release: 1 }) == 2);

        var (first, second) = (Leaders.First(), Leaders.Last());
        Assert.Equal((1, 2), (first.Release, second.Release));
        var draining = Notes.First(note => note.Role == "draining");
        Assert.Equal(first.Worker, draining.Worker);
        Assert.True(first.Generation < draining.Generation && draining.Generation < second.Generation);
        Assert.True(Array.IndexOf(Notes, draining) < Array.IndexOf(Notes, second));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_candidate_that_does_not_acknowledge_fails_while_the_old_leader_is_not_disturbed()
    {
        await DeployAsync("v1", "completed");
        var before = Notes;

        var failed = (await DeployAsync("v2", "failed", objectsTo: "standby")).Last();

        Assert.Equal("probing", failed.Step);
        Assert.Matches(@"^worker web\.2\.\d did not acknowledge that it is standby within 2 s \(roles\.timeout\): it did not answer$", failed.Reason);
        Assert.Equal(before, Notes.Where(note => note.Release == 1));
        Assert.Equal(1, _bench.App.Active!.Release.Number);
    }

    [Fact(Timeout = 60_000)]
    public async Task That_a_worker_has_acknowledged_one_role_is_not_taken_for_an_answer_to_the_next()
    {
        await DeployAsync("v1", "completed");

        var failed = (await DeployAsync("v2", "failed", objectsTo: "\"active\"*\"leader\":false")).Last();

        Assert.Equal("handingover", failed.Step);
        Assert.Contains("did not acknowledge that it is active within", failed.Reason, StringComparison.Ordinal);
        Assert.Equal([1], Leaders.Select(leader => leader.Release));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_new_leader_that_does_not_acknowledge_fails_and_the_old_one_leads_again_once_it_has_ended()
    {
        await DeployAsync("v1", "completed");
        var first = Leaders.Single();

        var failed = (await DeployAsync("v2", "failed", objectsTo: "\"leader\":true")).Last();
        await Eventually.TrueAsync(() => Leaders.Count() == 3);

        Assert.Equal("handingover", failed.Step);
        Assert.Contains("did not acknowledge that it is active as the leader", failed.Reason, StringComparison.Ordinal);
        Assert.Equal([1, 2, 1], Leaders.Select(leader => leader.Release));
        Assert.Equal(first.Worker, Leaders.Last().Worker);
        Assert.Equal(Leaders.Select(leader => leader.Generation).Order(), Leaders.Select(leader => leader.Generation));
        Assert.Equal([1], _bench.App.Live.Select(live => live.Release.Number));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_old_leader_that_keeps_its_lead_fails_the_deployment_and_is_told_to_lead_on()
    {
        await DeployAsync("v1", "completed", objectsTo: "draining");

        var failed = (await DeployAsync("v2", "failed")).Last();
        await Eventually.TrueAsync(() => Leaders.Count() == 2);

        Assert.Matches(@"^worker web\.1\.\d did not acknowledge that it is draining within 2 s", failed.Reason);
        Assert.Equal(Leaders.First().Worker, Leaders.Last().Worker);
    }

    [Fact(Timeout = 60_000)]
    public async Task With_continue_the_deployment_goes_on_all_the_same()
    {
        _bench.App.Options = _bench.App.Options with { Roles = new RoleOptions { Timeout = TimeSpan.FromSeconds(0.5), OnTimeout = OnRoleTimeout.Continue } };
        await DeployAsync("v1", "completed", objectsTo: "draining");

        await DeployAsync("v2", "completed", objectsTo: "role");

        Assert.Equal(2, _bench.App.Active!.Release.Number);
        Assert.Equal([1, 2], Leaders.Select(leader => leader.Release));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_death_of_the_leader_makes_another_worker_lead_with_a_higher_generation()
    {
        await DeployAsync("v1", "completed");
        var dying = Roles.Leader!;

        await DeploymentBench.CrashAsync(dying);
        await Eventually.TrueAsync(() => Leaders.Count() == 2);

        Assert.NotEqual(dying.Process.Id, Leaders.Last().Worker);
        Assert.True(Leaders.Last().Generation > Leaders.First().Generation);
        var next = await DeploymentBench.NextWorkerAsync(_bench.App.Active!, [.. _bench.App.Active!.Workers.Append(dying)]);
        _bench.Answer(next);
        await Eventually.TrueAsync(() => Notes.Any(note => note.Worker == next.Process.Id && note is { Role: "active", Leader: false }));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rollback_to_workers_that_were_kept_gives_one_of_them_the_lead_again()
    {
        _bench.App.Options = _bench.App.Options with { Keep = _bench.App.Options.Keep with { Warm = TimeSpan.FromMinutes(5) } };
        await DeployAsync("v1", "completed");
        await DeployAsync("v2", "completed");
        await Eventually.TrueAsync(() => Notes.Count(note => note is { Role: "standby", Release: 1 }) == 4);

        await DeploymentBench.ReachedAsync(_bench.Begin(new DeploymentRequest.Rollback(null)), "completed");

        Assert.Equal([1, 2, 1], Leaders.Select(leader => leader.Release));
        Assert.Equal(Leaders.Select(leader => leader.Generation).Order().Distinct(), Leaders.Select(leader => leader.Generation));
    }

    [Fact(Timeout = 60_000)]
    public async Task After_a_restart_of_the_front_nobody_leads_before_who_may_have_led_has_ended()
    {
        await DeployAsync("v1", "completed");
        var known = new JournaledLeader("web.9.1", 100);
        var end = new TaskCompletionSource();
        await LoseTheFrontAsync();
        var before = Leaders.Count();

        Roles.Adopt(_bench.App.Active!, known, new Dictionary<string, Task> { [known.Worker] = end.Task });
        Assert.Null(Roles.Leader);
        await Task.Delay(200, Token);
        Assert.Equal(before, Leaders.Count());
        end.SetResult();

        await Eventually.TrueAsync(() => Leaders.Count() == before + 1);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_leader_that_is_adopted_leads_on_with_a_higher_generation()
    {
        await DeployAsync("v1", "completed");
        var first = Leaders.Single();
        await LoseTheFrontAsync();

        Roles.Adopt(_bench.App.Active!, _bench.Journal.Leader, new Dictionary<string, Task>());
        await Eventually.TrueAsync(() => Leaders.Count() == 2);

        Assert.Equal(first.Worker, Leaders.Last().Worker);
        Assert.True(Leaders.Last().Generation > first.Generation);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_the_state_is_lost_the_files_of_the_workers_say_who_leads()
    {
        await DeployAsync("v1", "completed");
        var leader = Leaders.Single();
        await LoseTheFrontAsync();
        PutLast(leader);

        Roles.Adopt(_bench.App.Active!, known: null, new Dictionary<string, Task>());
        await Eventually.TrueAsync(() => Leaders.Count() == 2);

        Assert.Equal(leader.Worker, Leaders.Last().Worker);
        Assert.True(Leaders.Last().Generation > leader.Generation);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_nothing_says_who_leads_all_others_acknowledge_first_that_they_do_not()
    {
        await DeployAsync("v1", "completed");
        var leader = Leaders.Single();
        await LoseTheFrontAsync();
        PutLast(leader);
        var workers = _bench.App.Active!.Workers;
        foreach (var worker in workers)
        {
            File.Delete(Path.Combine(_bench.Directory.Run, worker.Process.Id + ".role"));
        }

        var before = Notes.Length;
        Roles.Adopt(_bench.App.Active!, known: null, new Dictionary<string, Task>());
        await Eventually.TrueAsync(() => Notes.Length == before + 2);

        var told = Notes[before..];
        Assert.Equal([(workers[1].Process.Id, false), (workers[0].Process.Id, true)], told.Select(note => (note.Worker, note.Leader)));
        // Else what it acknowledged as the leader would pass for an answer to this.
        Assert.True(told[0].Generation > leader.Generation, $"{told[0]}, after {leader}");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_files_of_a_worker_go_with_it()
    {
        await DeployAsync("v1", "completed");
        Assert.Equal(4, Directory.GetFiles(_bench.Directory.Run, "web.1.*.role*").Length);

        await DeployAsync("v2", "completed");

        await Eventually.TrueAsync(() => Directory.GetFiles(_bench.Directory.Run, "web.1.*").Length == 0);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(204, null)]
    [InlineData(503, "POST /-/role was answered 503")]
    public async Task Over_HTTP_any_2xx_acknowledges_and_nothing_else_does(int status, string? last)
    {
        _bench.App.Options = _bench.App.Options with { Instances = 1, Roles = new RoleOptions { Path = "/-/role", Timeout = TimeSpan.FromSeconds(1) } };
        var deployment = _bench.BeginDeploy("v1");
        await DeploymentBench.ReachedAsync(deployment, "probing");
        var worker = Assert.Single(_bench.App.Live).Workers[0];
        await using var answering = Health.RawWorker.Start(
            line => Health.RawWorker.Answer(line.StartsWith("POST /-/role ", StringComparison.Ordinal) ? status : 200), worker.Process.EndPoint);

        var told = await DeploymentBench.ReachedAsync(deployment, last is null ? "switched" : "failed");

        Assert.Equal(last is not null, told.Reason?.EndsWith(": " + last, StringComparison.Ordinal) ?? false);
        Assert.Contains(answering.Asked, head => head.Contains("Content-Type: application/json", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_is_the_JSON_that_workers_are_promised() => Assert.Equal(
        """{"role":"active","generation":12,"release":7,"leader":true}""", new RoleMessage(WorkerRole.Active, 12, 7, Leader: true).ToJson());

    /// <summary>What is known of the roles is lost as with a front that is killed; nobody is told anything before <see cref="AppRoles.Adopt"/>.</summary>
    private async Task LoseTheFrontAsync()
    {
        await Roles.EndAsync();
        _bench.Services.Roles.Forget(_bench.App);
        foreach (var worker in _bench.App.Active!.Workers)
        {
            worker.Told = null;
        }
    }

    /// <summary>Makes the worker that leads the last one of its release: another one would be chosen if nothing were known of it.</summary>
    private void PutLast(Note leader)
    {
        var worker = _bench.App.Active!.Workers.First(worker => worker.Process.Id == leader.Worker);
        _bench.App.Active!.Remove(worker);
        _bench.App.Active!.Put(worker);
    }

    // What it objects to is part of the JSON of what it does not acknowledge.
    private async Task<DeploymentEvent[]> DeployAsync(string name, string until, string objectsTo = "nothing")
    {
        var deployment = _bench.BeginDeploy(name, $"set -- '{objectsTo}'\n{Worker}");
        await _bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, until);
        return await deployment.ReadEventsAsync(Token).TakeWhile(told => told.Event != until)
            .Concat(deployment.ReadEventsAsync(Token).Where(told => told.Event == until).Take(1)).ToArrayAsync(Token);
    }

    private sealed record Note(string Worker, string Role, long Generation, int Release, bool Leader)
    {
        public static Note Parse(string line)
        {
            var (worker, json) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]).RootElement);
            return new Note(
                worker, json.GetProperty("role").GetString()!, json.GetProperty("generation").GetInt64(), json.GetProperty("release").GetInt32(),
                json.GetProperty("leader").GetBoolean());
        }
    }
}
