using System.Collections.Immutable;
using BlueGreen.Agent.Workers;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Which release of an app takes its new requests, and which of that release's workers: the healthy ones, or all that live when none
/// is healthy. During a slow start also which candidate gets a growing share of them. Its lock orders the switches of deployments and the
/// comings and goings of workers.
/// </summary>
internal sealed class Rotation(Upstream upstream, TimeProvider time)
{
    private readonly Lock _gate = new();
    private LiveRelease? _serving;
    private LiveRelease? _newcomer;
    private SlowStart? _slowStart;
    private volatile bool _isDegraded;

    /// <summary>True while every worker fails its checks: requests are sent to them all the same.</summary>
    public bool IsDegraded => _isDegraded;

    /// <summary>True while a healthy worker takes the requests.</summary>
    public bool IsSound => !_isDegraded && !upstream.Split.Backends.IsEmpty;

    /// <summary>Moves all new requests to a release in one step; while none of its workers can take them, they wait.</summary>
    public void SwitchTo(LiveRelease next)
    {
        lock (_gate)
        {
            var (before, newcomer) = (_serving, _newcomer);
            (_serving, _newcomer, _slowStart) = (next, null, null);
            PublishNeedsLock();
            LeaveNeedsLock(before == next ? null : before);
            LeaveNeedsLock(newcomer == next ? null : newcomer);
        }
    }

    /// <summary>
    /// Gives a candidate a share of the new requests, beside the release that serves, until <see cref="SwitchTo"/> gives it all or
    /// <see cref="Withdraw"/> none. Only its healthy workers get any.
    /// </summary>
    /// <returns>False, and nothing has changed, when no release serves.</returns>
    public bool TryShareWith(LiveRelease candidate, SlowStart slowStart)
    {
        lock (_gate)
        {
            if (_serving is null)
            {
                return false;
            }

            (_newcomer, _slowStart) = (candidate, slowStart);
            PublishNeedsLock();
            return true;
        }
    }

    /// <summary>All new requests go to the release that serves again, in one step.</summary>
    /// <returns>False when the candidate gets none.</returns>
    public bool Withdraw(LiveRelease candidate)
    {
        lock (_gate)
        {
            if (_newcomer != candidate)
            {
                return false;
            }

            (_newcomer, _slowStart) = (null, null);
            PublishNeedsLock();
            LeaveNeedsLock(candidate);
            return true;
        }
    }

    /// <summary>Takes a change among a release's workers into account. Nothing happens when it gets no requests.</summary>
    public void Refresh(LiveRelease live)
    {
        lock (_gate)
        {
            if (_serving == live || _newcomer == live)
            {
                PublishNeedsLock();
            }
        }
    }

    /// <summary>No release takes requests any more: they are refused.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            var (before, newcomer) = (_serving, _newcomer);
            (_serving, _newcomer, _slowStart) = (null, null, null);
            _isDegraded = false;
            upstream.EndHold();
            upstream.Switch([]);
            LeaveNeedsLock(before);
            LeaveNeedsLock(newcomer);
        }
    }

    private void PublishNeedsLock()
    {
        var healthy = In(_serving, WorkerState.Healthy);
        var chosen = healthy.Length > 0 ? healthy : In(_serving, WorkerState.Unhealthy);
        var newcomers = In(_newcomer, WorkerState.Healthy);
        _isDegraded = healthy.Length == 0 && chosen.Length > 0;
        if (_slowStart is { } slowStart)
        {
            upstream.Share(Entering(chosen), Entering(newcomers), slowStart, upstream.HoldOptions);
        }
        else
        {
            upstream.Switch(Entering(chosen), upstream.HoldOptions);
        }

        LeaveNeedsLock(_serving, chosen);
        LeaveNeedsLock(_newcomer, newcomers);
    }

    private ImmutableArray<Backend> Entering(LiveWorker[] workers) => [.. workers.Select(worker => worker.EnterRotation(time))];

    private static LiveWorker[] In(LiveRelease? live, WorkerState state) =>
        [.. (live?.Workers ?? []).Where(worker => worker.Process.State == state && !worker.IsReplaced)];

    private static void LeaveNeedsLock(LiveRelease? live, params LiveWorker[] but)
    {
        foreach (var worker in live?.Workers.Except(but) ?? [])
        {
            worker.LeaveRotation();
        }
    }
}
