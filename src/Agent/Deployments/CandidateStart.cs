using System.Net.Sockets;
using BlueGreen.Agent.Health;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>Brings one worker of a candidate from nothing to healthy, or says why it cannot be.</summary>
internal sealed class CandidateStart(
    App app, AppOptions options, LiveRelease candidate, WorkerFactory factory, WorkerJournal journal, ILogger logger, TimeProvider time)
{
    /// <summary>How often a worker is started again because another program took its port.</summary>
    private const int PortRetries = 3;

    private volatile ProbeResult? _lastCheck;

    /// <summary>Why there is nothing to switch to when the time is over before all workers are healthy.</summary>
    /// <param name="limit">The time there was.</param>
    public DeploymentFailure OutOfTime(TimeSpan limit) => new(
        $"it had not switched within {limit.TotalSeconds:0.###} s (--timeout); last check: {Describe(_lastCheck)}",
        Output: candidate.Workers.FirstOrDefault(worker => worker.Process.State == WorkerState.Starting)?.Process.Log.Tail(DeploymentFailure.OutputLines));

    /// <summary>Starts a worker and adds it to the candidate.</summary>
    /// <exception cref="StateException">It could not be written down.</exception>
    public void Launch() => Launch(inPlaceOf: null);

    /// <summary>Waits until a launched worker is healthy.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="onReady">Told how long after this call the first check passed.</param>
    /// <param name="cancel">The deployment is given up.</param>
    /// <returns>Null when it is healthy.</returns>
    public async Task<DeploymentFailure?> ProbeAsync(LiveWorker worker, Action<TimeSpan> onReady, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var gate = new HealthGate(options.Health, time);
            switch (await gate.WaitAsync(worker.Process.EndPoint, worker.Process.Exited, cancel, check => _lastCheck = check))
            {
                case GateVerdict.Healthy healthy:
                    worker.Process.BecomeHealthy();
                    onReady(healthy.FirstPassAfter);
                    return null;
                case GateVerdict.TooLate late:
                    return TooLate(worker.Process, late.Last);
                case GateVerdict.Exited when attempt <= PortRetries && worker.Process.LostItsPort:
                    logger.LogWarning("Worker {Worker} lost its port {Address} to another program; trying another one",
                        worker.Process.Id, worker.Process.EndPoint);
                    worker = Launch(inPlaceOf: worker);
                    break;
                default:
                    return Exited(worker.Process, await worker.Process.Exited);
            }
        }
    }

    private LiveWorker Launch(LiveWorker? inPlaceOf)
    {
        var worker = factory.Launch(options, candidate.Release, candidate.Generation);
        candidate.Put(worker, inPlaceOf);
        journal.Write(app);
        return worker;
    }

    private DeploymentFailure TooLate(Worker worker, ProbeResult? last) => new(
        $"worker {worker.Id} was not healthy within {options.Health.Deadline.TotalSeconds:0.###} s; last check: {Describe(last)}{Hint(worker)}",
        Output: worker.Log.Tail(DeploymentFailure.OutputLines));

    /// <summary>Why there is no switch to workers of which one is gone already.</summary>
    public static DeploymentFailure EndedBeforeTheSwitch(Worker worker) => new(
        Ended(worker, worker.Exited.Result, "the switch"), worker.Exited.Result.Status, worker.Log.Tail(DeploymentFailure.OutputLines));

    private DeploymentFailure Exited(Worker worker, WorkerExit exit) => new(
        $"{Ended(worker, exit, "it was healthy")}{Hint(worker)}",
        exit.Status,
        worker.Log.Tail(DeploymentFailure.OutputLines));

    private static string Ended(Worker worker, WorkerExit exit, string before) =>
        $"worker {worker.Id} ended before {before}: {exit.Description} after {exit.After.TotalSeconds:0.00} s";

    /// <summary>For a program that reads PORT itself, and did not expect a path there.</summary>
    private string Hint(Worker worker) => options.Bind is null && worker.EndPoint is UnixDomainSocketEndPoint
        ? "; it was to listen on a Unix socket, as ASPNETCORE_URLS says: if it takes a port only, set 'bind: tcp'"
        : "";

    private static string Describe(ProbeResult? check) => check?.Description ?? "none finished";
}
