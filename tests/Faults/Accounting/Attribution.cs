using System.Diagnostics;
using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Traffic;
using BlueGreen.Load;

namespace BlueGreen.Faults.Accounting;

/// <summary>
/// The rule by which a failed exchange is put down to a fault. A failure is excused only if the process that was killed really could have
/// held it; all else is lost.
/// <para>
/// <b>No front.</b> The connection was refused, and the attempt overlaps the time from the killing of a front until a new one was seen to
/// accept a connection; or it failed in another way while that front was dying. Nothing was sent.
/// </para>
/// <para>
/// <b>In the killed front.</b> The connection broke off; it was asked for before the killed front was gone, and the exchange ended after
/// the kill. That includes an exchange which finds its kept connection closed: that connection died with its process. Whatever the kind.
/// </para>
/// <para>
/// <b>In the killed worker.</b> Never a GET of which nothing was answered yet: it must be sent again, or held until somebody can answer it.
/// A stream or a WebSocket is excused where that very worker (by its X-Pid) had begun the answer and it broke off after the kill; or where the
/// connection was reset before the client had read a byte, since a reset can overtake a head that was sent, and without a head the front would
/// have sent the request again rather than reset. A POST
/// is excused where the front said that it failed (502), or had to cut it (503), it began before the worker was gone, ended after the kill,
/// and nobody but that worker wrote it down. A POST that began after the worker was gone cannot have been in it: such a worker cannot be dialled, and
/// what could not be dialled is sent to another. For a worker stopped by SIGSTOP, "gone" is when its successor took over, but at the latest
/// the time the health checks need.
/// </para>
/// <para>
/// <b>Cut.</b> The front said so (503), or a stream or WebSocket broke off, and the exchange had begun before a switch and ended after that
/// switch's drain deadline. Not so a GET of which nothing was answered yet, and that may have been in a worker that was stopped: it would
/// have been answered by any other.
/// </para>
/// <para>
/// <b>Refused.</b> The front's 503, after the whole time a request may be held.
/// </para>
/// Candidates and the command line carry no requests: killing them excuses nothing.
/// </summary>
/// <param name="options">What the front is configured to do.</param>
/// <param name="faults">Every fault that was done while the load ran.</param>
/// <param name="switches">Every moment at which another release became the active one, as the journal told.</param>
/// <param name="record">What the workers wrote down.</param>
public sealed class Attribution(AttributionOptions options, IReadOnlyList<Fault> faults, IReadOnlyList<long> switches, RecordFile record)
{
    /// <summary>What it is put down to.</summary>
    public Verdict Judge(FailedExchange failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        if (failed.Failure is FailureKind.Refused or FailureKind.ConnectFailed)
            return faults.Any(fault => Overlaps(fault, failed)) ? Verdict.NoFront : Verdict.Lost;
        if (faults.Any(fault => WasInFront(fault, failed)))
            return Verdict.InKilledFront;
        if (faults.Any(fault => WasInWorker(fault, failed)))
            return Verdict.InKilledWorker;
        if (WasCut(failed))
            return Verdict.Cut;
        return IsOfFront(failed, 503) && !SaysCut(failed) && Lasted(failed) >= options.HoldWait - options.Tolerance ? Verdict.Refused : Verdict.Lost;
    }

    private static bool Overlaps(Fault fault, FailedExchange failed) => fault.Victim == Victim.Front
        && failed.Ended >= fault.At
        && failed.Started <= ((failed.Failure == FailureKind.Refused ? fault.Back : fault.Gone) ?? long.MaxValue);

    private static bool WasInFront(Fault fault, FailedExchange failed) => fault.Victim == Victim.Front
        && BrokeOff(failed) && failed.ConnectedAt <= (fault.Gone ?? long.MaxValue) && failed.Ended >= fault.At;

    private bool WasInWorker(Fault fault, FailedExchange failed) => fault.HitsWorker && failed.Ended >= fault.At && failed.Kind switch
    {
        ExchangeKind.Stream or ExchangeKind.WebSocket => BrokeOff(failed)
            && (failed.WorkerPid == fault.Pid || (failed is { Failure: FailureKind.Reset, WorkerPid: null } && failed.Started <= LastChance(fault))),
        ExchangeKind.Post => (IsOfFront(failed, 502) || SaysCut(failed)) && failed.Started <= LastChance(fault)
            && record.WritersOf(failed.Id!).All(pid => pid == fault.Pid),
        _ => false,
    };

    /// <summary>The last moment at which a request could be sent into the victim.</summary>
    private long LastChance(Fault fault)
    {
        var gone = fault.Gone ?? long.MaxValue;
        return fault.Victim == Victim.Stopped ? Math.Min(gone, fault.At + Ticks(options.Detection)) : gone;
    }

    private bool WasCut(FailedExchange failed) => !faults.Any(fault => WasHung(fault, failed))
        && (SaysCut(failed) || (BrokeOff(failed) && failed.Kind is ExchangeKind.Stream or ExchangeKind.WebSocket))
        && switches.Any(moment => failed.Started < moment && failed.Ended >= moment + Ticks(options.Drain - options.Tolerance));

    private bool WasHung(Fault fault, FailedExchange failed) => fault.Victim == Victim.Stopped && failed.WorkerPid is null
        && failed.Ended >= fault.At && failed.Started <= LastChance(fault);

    private static bool SaysCut(FailedExchange failed) =>
        IsOfFront(failed, 503) && failed.Detail.Contains("drain deadline", StringComparison.Ordinal);

    private static bool BrokeOff(FailedExchange failed) =>
        failed.Failure is FailureKind.Closed or FailureKind.Reset or FailureKind.Truncated;

    private static bool IsOfFront(FailedExchange failed, int status) =>
        failed.Failure == FailureKind.BadStatus && failed.Status == status && failed.WorkerPid is null;

    private static TimeSpan Lasted(FailedExchange failed) => Stopwatch.GetElapsedTime(failed.Started, failed.Ended);

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
