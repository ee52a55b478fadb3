using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>
/// The step of a deployment that warms up the workers it has started. Only while others serve: where nothing does, requests would wait
/// for it.
/// </summary>
internal sealed class CandidateWarmUp(
    App app, AppOptions options, Deployment deployment, DeploymentPlan plan, DeploymentServices services, DeploymentJournal journal, ILogger logger)
{
    /// <summary>Warms them up, all at the same time.</summary>
    /// <param name="candidate">Its workers are healthy.</param>
    /// <param name="cancel">The deployment is given up.</param>
    /// <returns>Null when nothing speaks against the release.</returns>
    public async Task<DeploymentFailure?> RunAsync(LiveRelease candidate, CancellationToken cancel)
    {
        // What has served before may have no such pages; going back to it must not fail for that.
        var requests = WarmUpRequests.Of(options.WarmUp, app.Upstream.RecentPaths, mustSucceed: plan.Request is DeploymentRequest.Deploy);
        if (requests.Count == 0 || app.Upstream.Held > 0 || app.Active?.SoundnessEnd() is not { } nobodyServes)
        {
            return null;
        }

        journal.Write(DeploymentState.Warming, candidate.Release.Number);
        deployment.Advance(DeploymentState.Warming, told => told with { Workers = candidate.Workers.Length, Requests = requests.Count * options.WarmUp.Rounds });
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        DeploymentFailure? first = null;
        var figures = await Task.WhenAll(candidate.Workers.Select(WarmUpAsync));
        cancel.ThrowIfCancellationRequested();
        if (first is null)
        {
            Tell(candidate, WarmUpFigures.Combine(figures.OfType<WarmUpFigures>()));
        }

        return first;

        async Task<WarmUpFigures?> WarmUpAsync(LiveWorker worker)
        {
            try
            {
                var warmUp = new WorkerWarmUp(options.WarmUp, WarmUpRequests.HostOf(options), requests, services.Time);
                var verdict = await warmUp.RunAsync(worker.Process.EndPoint, worker.Process.Exited, nobodyServes, enough.Token);
                if (verdict is WarmUpVerdict.Warm warm)
                {
                    return warm.Figures;
                }

                Interlocked.CompareExchange(ref first, await FailureAsync(worker.Process, verdict), null);
                // One bad worker decides: the others need not be waited for.
                await enough.CancelAsync();
            }
            catch (OperationCanceledException) when (enough.IsCancellationRequested)
            {
                // The caller says why.
            }

            return null;
        }
    }

    private static async Task<DeploymentFailure> FailureAsync(Worker worker, WarmUpVerdict verdict)
    {
        if (verdict is WarmUpVerdict.Refused refused)
        {
            return new DeploymentFailure($"worker {worker.Id} failed its warm-up: {refused.What}", Output: worker.Log.Tail(DeploymentFailure.OutputLines));
        }

        var exit = await worker.Exited;
        return new DeploymentFailure(
            $"worker {worker.Id} ended during its warm-up: {exit.Description} after {exit.After.TotalSeconds:0.00} s", exit.Status, worker.Log.Tail(DeploymentFailure.OutputLines));
    }

    private void Tell(LiveRelease candidate, WarmUpFigures figures)
    {
        deployment.Tell(told => told with
        {
            Workers = candidate.Workers.Length,
            Answered = figures.Answered,
            Unexpected = figures.Unexpected,
            FirstRoundMs = Milliseconds(figures.FirstRound),
            LastRoundMs = figures.LastRound is { } last ? Milliseconds(last) : null,
        });
        if (figures.Example is { } example)
        {
            logger.LogWarning("The warm-up of {App} release {Release} went on although {Unexpected} requests were not answered as they should be; the first: {Example}",
                app.Name, candidate.Release.Number, figures.Unexpected, example);
        }
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
