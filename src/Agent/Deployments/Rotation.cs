using BlueGreen.Agent.Workers;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Which release of an app takes its new requests, and which of that release's workers: the healthy ones, or all that live when none
/// is healthy. Its lock orders the switches of deployments and the comings and goings of workers.
/// </summary>
internal sealed class Rotation(Upstream upstream, TimeProvider time)
{
    private readonly Lock _gate = new();
    private LiveRelease? _serving;
    private volatile bool _isDegraded;

    /// <summary>True while every worker fails its checks: requests are sent to them all the same.</summary>
    public bool IsDegraded => _isDegraded;

    /// <summary>Moves all new requests to a release in one step; while none of its workers can take them, they wait.</summary>
    public void SwitchTo(LiveRelease next)
    {
        lock (_gate)
        {
            var before = _serving;
            _serving = next;
            PublishNeedsLock(next);
            LeaveNeedsLock(before == next ? null : before);
        }
    }

    /// <summary>Takes a change among a release's workers into account. Nothing happens when another release serves.</summary>
    public void Refresh(LiveRelease live)
    {
        lock (_gate)
        {
            if (_serving == live)
            {
                PublishNeedsLock(live);
            }
        }
    }

    /// <summary>No release takes requests any more: they are refused.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            var before = _serving;
            _serving = null;
            _isDegraded = false;
            upstream.EndHold();
            upstream.Switch([]);
            LeaveNeedsLock(before);
        }
    }

    private void PublishNeedsLock(LiveRelease live)
    {
        var workers = live.Workers;
        var healthy = In(WorkerState.Healthy);
        var chosen = healthy.Length > 0 ? healthy : In(WorkerState.Unhealthy);
        _isDegraded = healthy.Length == 0 && chosen.Length > 0;
        upstream.Switch([.. chosen.Select(worker => worker.EnterRotation(time))], upstream.HoldOptions);
        foreach (var other in workers.Except(chosen))
        {
            other.LeaveRotation();
        }

        LiveWorker[] In(WorkerState state) => [.. workers.Where(worker => worker.Process.State == state && !worker.IsReplaced)];
    }

    private static void LeaveNeedsLock(LiveRelease? before)
    {
        foreach (var worker in before?.Workers ?? [])
        {
            worker.LeaveRotation();
        }
    }
}
