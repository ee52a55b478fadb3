using System.Diagnostics;
using BlueGreen.Faults.Accounting;
using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Traffic;
using BlueGreen.Load;

namespace BlueGreen.EndToEnd.Tests.Faults;

/// <summary>What the harness excuses, and what it does not. A worker or a front is killed at 1,000 ms and gone at 1,010 ms.</summary>
public sealed class AttributionTests : IDisposable
{
    private const int Hurt = 42;
    private const int Other = 43;
    private const string Post = "id";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ExchangeKind.Get)]
    [InlineData(ExchangeKind.SlowGet)]
    [InlineData(ExchangeKind.Stream)]
    [InlineData(ExchangeKind.WebSocket)]
    public void A_safe_request_of_which_nothing_was_answered_is_never_excused_by_a_worker(ExchangeKind kind)
    {
        Assert.Equal(Verdict.Lost, Judge(BadGateway(kind, 900, 1100), Killed(Victim.Active)));
        Assert.Equal(Verdict.Lost, Judge(Broken(kind, 900, 1100) with { Failure = FailureKind.Closed }, Killed(Victim.Active)));
    }

    [Theory]
    [InlineData(ExchangeKind.Stream, 900, 1100, Verdict.InKilledWorker)]
    [InlineData(ExchangeKind.WebSocket, 900, 1100, Verdict.InKilledWorker)]
    [InlineData(ExchangeKind.Stream, 1011, 1100, Verdict.Lost)]
    [InlineData(ExchangeKind.Stream, 900, 999, Verdict.Lost)]
    [InlineData(ExchangeKind.Get, 900, 1100, Verdict.Lost)]
    public void A_reset_that_can_have_overtaken_the_head_of_an_answer_in_pieces_is_excused(
        ExchangeKind kind, int started, int ended, Verdict verdict) =>
        Assert.Equal(verdict, Judge(Broken(kind, started, ended), Killed(Victim.Active)));

    [Theory]
    [InlineData(ExchangeKind.Stream, Hurt, 1100, Verdict.InKilledWorker)]
    [InlineData(ExchangeKind.WebSocket, Hurt, 1100, Verdict.InKilledWorker)]
    [InlineData(ExchangeKind.Stream, Other, 1100, Verdict.Lost)]
    [InlineData(ExchangeKind.Stream, Hurt, 999, Verdict.Lost)]
    [InlineData(ExchangeKind.Get, Hurt, 1100, Verdict.Lost)]
    public void An_answer_that_breaks_off_is_excused_by_the_worker_that_gave_it_where_it_comes_in_pieces(
        ExchangeKind kind, int worker, int ended, Verdict verdict) =>
        Assert.Equal(verdict, Judge(
            Broken(kind, 900, ended) with { WorkerPid = worker, Failure = FailureKind.Truncated }, Killed(Victim.Active)));

    [Theory]
    [InlineData(900, 1100, Verdict.InKilledWorker)]
    [InlineData(1009, 1100, Verdict.InKilledWorker)]
    [InlineData(1011, 1100, Verdict.Lost)]
    [InlineData(900, 999, Verdict.Lost)]
    public void A_POST_is_excused_where_it_could_have_been_in_the_worker(int started, int ended, Verdict verdict) =>
        Assert.Equal(verdict, Judge(BadGateway(ExchangeKind.Post, started, ended), Killed(Victim.Active)));

    [Theory]
    [InlineData(Hurt, Verdict.InKilledWorker)]
    [InlineData(Other, Verdict.Lost)]
    public void A_POST_that_another_worker_has_done_is_not_excused(int writer, Verdict verdict)
    {
        _folder.Write("record", $"{Post} {writer}\n");
        Assert.Equal(verdict, Judge(BadGateway(ExchangeKind.Post, 900, 1100), Killed(Victim.Active)));
    }

    [Theory]
    [InlineData(2500, Verdict.InKilledWorker)]
    [InlineData(4500, Verdict.Lost)]
    public void A_worker_that_was_stopped_excuses_a_POST_for_as_long_as_the_health_checks_need(int started, Verdict verdict)
    {
        var stopped = Killed(Victim.Stopped) with { Gone = null };
        Assert.Equal(verdict, Judge(BadGateway(ExchangeKind.Post, started, 6000), stopped));
    }

    [Theory]
    [InlineData(ExchangeKind.Post, Verdict.InKilledWorker)]
    [InlineData(ExchangeKind.SlowGet, Verdict.Lost)]
    public void A_drain_deadline_cuts_no_GET_that_hangs_in_a_stopped_worker(ExchangeKind kind, Verdict verdict)
    {
        var cut = BadGateway(kind, 900, 12_000) with { Status = 503, Detail = "This request outlived the drain deadline." };
        Assert.Equal(verdict, Judge(cut, Killed(Victim.Stopped), switchedAt: 1500));
    }

    [Theory]
    [InlineData(Victim.Cli)]
    [InlineData(Victim.Front)]
    public void A_502_is_excused_by_workers_only(Victim victim) =>
        Assert.Equal(Verdict.Lost, Judge(BadGateway(ExchangeKind.Post, 900, 1100), Killed(victim)));

    [Theory]
    [InlineData(900, 1100, Verdict.NoFront)]
    [InlineData(1500, 1510, Verdict.NoFront)]
    [InlineData(900, 990, Verdict.Lost)]
    [InlineData(2001, 2010, Verdict.Lost)]
    public void A_refused_connection_is_excused_while_no_front_listens(int started, int ended, Verdict verdict)
    {
        var refused = Broken(ExchangeKind.Get, started, ended) with { Failure = FailureKind.Refused, ConnectedAt = null };
        Assert.Equal(verdict, Judge(refused, Killed(Victim.Front)));
        Assert.Equal(Verdict.Lost, Judge(refused, Killed(Victim.Active)));
    }

    [Theory]
    [InlineData(1005, Verdict.NoFront)]
    [InlineData(1500, Verdict.Lost)]
    public void A_connection_that_fails_otherwise_is_excused_while_the_front_dies(int started, Verdict verdict)
    {
        var failed = Broken(ExchangeKind.Post, started, started + 10) with { Failure = FailureKind.ConnectFailed, ConnectedAt = null };
        Assert.Equal(verdict, Judge(failed, Killed(Victim.Front)));
    }

    [Theory]
    [InlineData(500, 1100, Verdict.InKilledFront)]
    [InlineData(1005, 1100, Verdict.InKilledFront)]
    [InlineData(1011, 1100, Verdict.Lost)]
    [InlineData(500, 999, Verdict.Lost)]
    public void A_connection_that_breaks_off_is_excused_where_it_was_one_of_the_killed_front(int connected, int ended, Verdict verdict) =>
        Assert.Equal(verdict, Judge(
            Broken(ExchangeKind.Post, 900, ended) with { ConnectedAt = At(connected) }, Killed(Victim.Front)));

    [Theory]
    [InlineData(900, 11_000, Verdict.Cut)]
    [InlineData(900, 10_800, Verdict.Lost)]
    [InlineData(1001, 12_000, Verdict.Lost)]
    public void A_cut_is_one_where_a_switch_was_a_drain_deadline_ago(int started, int ended, Verdict verdict) =>
        Assert.Equal(verdict, Judge(
            BadGateway(ExchangeKind.SlowGet, started, ended) with { Status = 503, Detail = "This request outlived the drain deadline." },
            fault: null, switchedAt: 1000));

    [Theory]
    [InlineData(10_900, Verdict.Refused)]
    [InlineData(5000, Verdict.Lost)]
    public void A_request_is_refused_only_after_it_was_held_as_long_as_it_may_be(int ended, Verdict verdict) =>
        Assert.Equal(verdict, Judge(BadGateway(ExchangeKind.Get, 900, ended) with { Status = 503 }, Killed(Victim.Active)));

    private Verdict Judge(FailedExchange failed, Fault? fault, int? switchedAt = null) => new Attribution(
        new AttributionOptions(), fault is null ? [] : [fault], switchedAt is { } moment ? [At(moment)] : [],
        RecordFile.Read(_folder.In("record"), Post)).Judge(failed);

    private static Fault Killed(Victim victim) => new() { Victim = victim, Pid = Hurt, At = At(1000), Gone = At(1010), Back = At(2000) };

    private static FailedExchange BadGateway(ExchangeKind kind, int started, int ended) =>
        Broken(kind, started, ended) with { Failure = FailureKind.BadStatus, Status = 502 };

    private static FailedExchange Broken(ExchangeKind kind, int started, int ended) => new()
    {
        Kind = kind,
        Id = kind == ExchangeKind.Post ? Post : null,
        ConnectedAt = At(started),
        Started = At(started),
        Ended = At(ended),
        Failure = FailureKind.Reset,
        Detail = "",
    };

    private static long At(int milliseconds) => (milliseconds + 1_000_000L) * Stopwatch.Frequency / 1000;
}
