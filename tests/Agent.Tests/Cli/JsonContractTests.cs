using System.Text.Json;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Tests.Cli;

/// <summary>What <c>--json</c> prints is a promise: fields are added at the end, never renamed. A change here breaks somebody's script.</summary>
public sealed class JsonContractTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly DeploymentEvent Least = new() { Event = "probing", App = "web", Kind = "deploy", At = At, ElapsedMs = 12 };

    private static readonly DeploymentRecord Record = new()
    {
        Id = "i", App = "web", Kind = "deploy", Trigger = "cli", Outcome = "interrupted", StartedAt = At, EndedAt = At,
    };

    [Fact]
    public void An_event_leaves_out_what_does_not_apply() =>
        Assert.Equal(
            """{"event":"probing","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12}""", Json(Least));

    [Fact]
    public void A_fetching_event() => Assert.Equal(
        """{"event":"fetching","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"source":"/srv/v2"}""",
        Json(Least with { Event = "fetching", Source = "/srv/v2" }));

    [Fact]
    public void A_fetching_event_of_a_download() => Assert.Equal(
        """{"event":"fetching","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"bytes":3,"total":4,"rate":5}""",
        Json(Least with { Event = "fetching", Bytes = 3, Total = 4, Rate = 5 }));

    [Fact]
    public void A_preparing_event() => Assert.Equal(
        """{"event":"preparing","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"digest":"sha256:00","fileDigest":"sha256:11","signedBy":"minisign:E7620F1842B4E81F","sequence":42}""",
        Json(Least with { Event = "preparing", Digest = "sha256:00", FileDigest = "sha256:11", SignedBy = "minisign:E7620F1842B4E81F", Sequence = 42 }));

    [Fact]
    public void A_check() => Assert.Equal(
        """{"app":"web","source":"https://x/y","at":"2026-01-02T03:04:05.678+00:00","result":"deployed","detail":"z","label":"v2","digest":"sha256:00","release":7}""",
        Json(new CheckReport("web", "https://x/y", At, "deployed", "z", "v2", "sha256:00", 7)));

    [Fact]
    public void A_starting_event() => Assert.Equal(
        """{"event":"starting","app":"web","kind":"deploy","release":7,"label":"v2","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"command":"./a && b","workers":2}""",
        Json(Least with { Event = "starting", Release = 7, Label = "v2", Command = "./a && b", Workers = 2 }));

    [Fact]
    public void A_releasing_event_with_what_its_phase_printed() => Assert.Equal(
        """{"event":"releasing","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"output":["one","two"]}""",
        Json(Least with { Event = "releasing", Output = ["one", "two"] }));

    [Fact]
    public void The_events_of_something_that_is_run_once()
    {
        var told = new RunOnceEvent { Event = "started", App = "web", Release = 7, Id = "web.7.once+1", At = At, ElapsedMs = 1 };
        const string known = "\"app\":\"web\",\"release\":7,\"id\":\"web.7.once+1\",\"at\":\"2026-01-02T03:04:05.678+00:00\",\"elapsedMs\":1";

        Assert.Equal(
            $$"""{"event":"started",{{known}},"process":"cleanup","command":"./cleanup","pid":3}""",
            Json(told with { Process = "cleanup", Command = "./cleanup", Pid = 3 }));
        Assert.Equal($$"""{"event":"output",{{known}},"text":"é\n"}""", Json(told with { Event = "output", Text = "é\n" }));
        Assert.Equal($$"""{"event":"ended",{{known}},"exitCode":3}""", Json(told with { Event = "ended", ExitCode = 3 }));
        Assert.Equal($$"""{"event":"ended",{{known}},"reason":"timeout"}""", Json(told with { Event = "ended", Reason = "timeout" }));
    }

    [Fact]
    public void The_warming_events()
    {
        Assert.Equal(
            """{"event":"warming","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"workers":2,"requests":60}""",
            Json(Least with { Event = "warming", Workers = 2, Requests = 60 }));
        Assert.Equal(
            """{"event":"warming","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"workers":2,"answered":120,"unexpected":1,"firstRoundMs":182.3,"lastRoundMs":1.2}""",
            Json(Least with { Event = "warming", Workers = 2, Answered = 120, Unexpected = 1, FirstRoundMs = 182.3, LastRoundMs = 1.2 }));
        Assert.Equal(
            """{"event":"warming","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"share":25}""",
            Json(Least with { Event = "warming", Share = 25 }));
    }

    [Fact]
    public void A_switched_event() => Assert.Equal(
        """{"event":"switched","app":"web","kind":"deploy","release":7,"label":"v2","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"readyAfterMs":10}""",
        Json(Least with { Event = "switched", Release = 7, Label = "v2", ReadyAfterMs = 10 }));

    [Fact]
    public void A_completed_event() => Assert.Equal(
        """{"event":"completed","app":"web","kind":"rollback","release":7,"at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"switchedAfterMs":9,"drained":3,"cut":0}""",
        Json(Least with { Event = "completed", Kind = "rollback", Release = 7, SwitchedAfterMs = 9, Drained = 3, Cut = 0 }));

    [Fact]
    public void A_failed_event() => Assert.Equal(
        """{"event":"failed","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"step":"probing","reason":"it 'crashed'","stillActive":6,"exitCode":3,"output":["+ é","<b>"]}""",
        Json(Least with { Event = "failed", Step = "probing", Reason = "it 'crashed'", StillActive = 6, ExitCode = 3, Output = ["+ é", "<b>"] }));

    [Fact]
    public void The_fields_that_carry_the_rest() => Assert.Equal(
        """{"event":"draining","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"digest":"sha256:00","inFlight":4}""",
        Json(Least with { Event = "draining", Digest = "sha256:00", InFlight = 4 }));

    [Fact]
    public void The_status()
    {
        var worker = new WorkerReport("web.7.1", 2, "http://127.0.0.1:41234", "healthy", 0, new InFlightReport(1, 2, 3)) { Role = "active" };
        var cron = new ProcessTypeReport("cron", true, 1, [new ProcessReport("web.7.cron-1", 3, 7, 8, "running", At, 1)], ["ended"]);
        var release = new LiveReleaseReport(7, "v2", "sha256:00", "active", At, [worker]);
        var status = new StatusReport(
            1, "0.1.0", At, ["http://127.0.0.1:8080"],
            [
                new AppReport("web", 7, 0, 9, false, [release], null, new ProbationReport(7, At, 6), new SourceReport("https://x/y", 60000, "auto", At, "unchanged", "z"))
                {
                    Processes = [cron],
                    Leader = new LeaderReport("web.7.1", 9),
                    RunOnce = [new RunOnceReport("web.7.once+1", 7, "cleanup", "./cleanup", 3, At, new ActorReport(0, "root"))],
                },
                new AppReport("api", 1, 5, 0, true, [], new RunningDeploymentReport("deploy", "fetching", null, At), null, null),
            ]);

        Assert.Equal(
            """{"pid":1,"version":"0.1.0","startedAt":"2026-01-02T03:04:05.678+00:00","listen":["http://127.0.0.1:8080"],"apps":["""
            + """{"name":"web","generation":7,"held":0,"resent":9,"allUnhealthy":false,"releases":[{"release":7,"label":"v2","digest":"sha256:00","role":"active","since":"2026-01-02T03:04:05.678+00:00","""
            + """ "workers":[{"id":"web.7.1","pid":2,"address":"http://127.0.0.1:41234","state":"healthy","restarts":0,"inFlight":{"requests":1,"streams":2,"upgraded":3},"role":"active"}]}],"deployment":null,"probation":{"release":7,"until":"2026-01-02T03:04:05.678+00:00","fallback":6},"source":{"source":"https://x/y","everyMs":60000,"deploy":"auto","checkedAt":"2026-01-02T03:04:05.678+00:00","result":"unchanged","detail":"z"},"processes":[{"type":"cron","singleton":true,"wanted":1,"processes":[{"id":"web.7.cron-1","pid":3,"release":7,"generation":8,"state":"running","since":"2026-01-02T03:04:05.678+00:00","restarts":1}],"failures":["ended"]}],"leader":{"worker":"web.7.1","generation":9},"runOnce":[{"id":"web.7.once+1","release":7,"process":"cleanup","command":"./cleanup","pid":3,"since":"2026-01-02T03:04:05.678+00:00","by":{"uid":0,"user":"root"}}]},""".TrimStart()
            + """{"name":"api","generation":1,"held":5,"resent":0,"allUnhealthy":true,"releases":[],"deployment":{"kind":"deploy","step":"fetching","release":null,"since":"2026-01-02T03:04:05.678+00:00"},"probation":null,"source":null,"processes":[],"runOnce":[]}]}""",
            Json(status));
    }

    [Fact]
    public void A_stored_release() => Assert.Equal(
        """{"release":7,"label":"v2","digest":"sha256:00","source":"/srv/v2","at":"2026-01-02T03:04:05.678+00:00","sizeBytes":12,"command":"./server","role":null,"rollbackTarget":true,"by":{"uid":1000,"user":"anna"},"outcome":"replaced"}""",
        Json(new StoredReleaseReport(7, "v2", "sha256:00", "/srv/v2", At, 12, "./server", null, true, new ActorReport(1000, "anna"), "replaced")));

    [Fact]
    public void All_of_a_release() => Assert.Equal(
        """{"release":7,"label":"v2","digest":"sha256:00","source":"/srv/v2","at":"2026-01-02T03:04:05.678+00:00","sizeBytes":12,"command":"./server","role":"active","rollbackTarget":false,"by":null,"outcome":"active","commandOrigin":"Procfile","directory":"/s/releases/web/7","env":["KEY"],"sameContent":[6],"deployments":[]}""",
        Json(new ReleaseReport(
            7, "v2", "sha256:00", "/srv/v2", At, 12, "./server", "active", false, null, "active", "Procfile", "/s/releases/web/7", ["KEY"], [6], [])));

    [Fact]
    public void A_record_of_the_history() => Assert.Equal(
        """{"id":"i","app":"web","kind":"deploy","trigger":"cli","by":{"uid":0,"user":"root"},"source":"/srv/v2","digest":"sha256:00","release":7,"label":"v2","replaced":6,"outcome":"rolledback","step":"probing","reason":"r","exitCode":3,"drained":1,"cut":2,"durations":{"fetchMs":1,"checkMs":2,"readyMs":3,"switchMs":4,"drainMs":5,"totalMs":6,"releaseMs":7,"warmMs":8},"startedAt":"2026-01-02T03:04:05.678+00:00","endedAt":"2026-01-02T03:04:05.678+00:00"}""",
        Json(Record with
        {
            By = new ActorReport(0, "root"),
            Source = "/srv/v2",
            Digest = "sha256:00",
            Release = 7,
            Label = "v2",
            Replaced = 6,
            Outcome = "rolledback",
            Step = "probing",
            Reason = "r",
            ExitCode = 3,
            Drained = 1,
            Cut = 2,
            Durations = new DeploymentDurations { FetchMs = 1, CheckMs = 2, ReadyMs = 3, SwitchMs = 4, DrainMs = 5, TotalMs = 6, ReleaseMs = 7, WarmMs = 8 },
        }));

    [Fact]
    public void A_record_leaves_out_what_does_not_apply() => Assert.Equal(
        """{"id":"i","app":"web","kind":"deploy","trigger":"cli","outcome":"interrupted","startedAt":"2026-01-02T03:04:05.678+00:00","endedAt":"2026-01-02T03:04:05.678+00:00"}""",
        Json(Record));

    [Fact]
    public void What_hooks_and_webhooks_hear_besides() => Assert.Equal(
        """{"event":"switched","app":"web","kind":"deploy","at":"2026-01-02T03:04:05.678+00:00","elapsedMs":12,"id":"i","check":"preflight","replaced":6,"trigger":"cli","by":{"uid":1000,"user":null}}""",
        Json(Least with { Event = "switched", Id = "i", Check = "preflight", Replaced = 6, Trigger = "cli", By = new ActorReport(1000, null) }));

    [Fact]
    public void What_pruning_did() => Assert.Equal("""{"pruned":[1],"left":[2,3]}""", Json(new PruneReport([1], [2, 3])));

    [Fact]
    public void A_reload() => Assert.Equal(
        """{"applied":["a"],"needsRestart":["b"],"errors":[]}""", Json(new ReloadReport(["a"], ["b"], [])));

    [Fact]
    public void What_curl_sends_and_gets()
    {
        Assert.Equal("""{"error":"no"}""", Json(new ErrorReport("no")));
        Assert.Equal("""{"pid":1}""", Json(new StopReport(1)));
        Assert.Equal(
            new DeployOrder { Source = "/srv/v2", Label = "v2", Command = "./server", TimeoutMs = 5, Sha256 = "00" },
            JsonSerializer.Deserialize("""{"source":"/srv/v2","label":"v2","command":"./server","timeoutMs":5,"sha256":"00"}""", ControlJson.Lines.DeployOrder));
        Assert.Equal(new RollbackOrder { Release = 6 }, JsonSerializer.Deserialize("""{"release":6}""", ControlJson.Lines.RollbackOrder));
        Assert.Equal(
            new RollbackOrder { ReleasePhase = true }, JsonSerializer.Deserialize("""{"releasePhase":true}""", ControlJson.Lines.RollbackOrder));
        var order = JsonSerializer.Deserialize("""{"process":"cleanup","arguments":["-v"],"timeoutMs":5,"detach":true}""", ControlJson.Lines.RunOnceOrder)!;
        Assert.Equal(("cleanup", "-v", 5L, true), (order.Process, order.Arguments!.Single(), order.TimeoutMs, order.Detach));
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, typeof(T), ControlJson.Lines);
}
