using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.SlowStarts;

/// <summary>
/// The step of a deployment in which the candidate gets a growing share of the new requests. The switch comes after it, so whatever
/// happens meanwhile leaves the release before in its place.
/// </summary>
internal sealed class CandidateSlowStart(
    App app, AppOptions options, Deployment deployment, DeploymentPlan plan, DeploymentServices services, DeploymentJournal journal, ILogger logger)
{
    /// <summary>How often the share is told.</summary>
    private const int Tellings = 4;

    /// <summary>Shares the requests until the candidate gets all of them.</summary>
    /// <param name="candidate">Its workers are healthy.</param>
    /// <param name="cancel">The deployment is given up; the caller withdraws the candidate.</param>
    /// <returns>Null when its workers have stood it; otherwise the caller withdraws the candidate.</returns>
    public async Task<DeploymentFailure?> RunAsync(LiveRelease candidate, CancellationToken cancel)
    {
        // Who goes back wants to be rid of the release that serves, and at once.
        if (options.SlowStart == TimeSpan.Zero || plan.Request is DeploymentRequest.Rollback || !app.Rotation.IsSound)
        {
            return null;
        }

        if (deployment.State != DeploymentState.Warming)
        {
            journal.Write(DeploymentState.Warming, candidate.Release.Number);
            deployment.Advance(DeploymentState.Warming, told => told with { Share = 0 });
        }
        else
        {
            Tell(0);
        }

        return app.Rotation.TryShareWith(candidate, new SlowStart(options.SlowStart, services.Time)) ? await WatchAsync(candidate, cancel) : null;
    }

    private async Task<DeploymentFailure?> WatchAsync(LiveRelease candidate, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var broken = Task.WhenAny(candidate.Workers.Select(worker => BrokenAsync(candidate, worker, over.Token)));
        try
        {
            for (var told = 1; told <= Tellings; told++)
            {
                var pause = Task.Delay(options.SlowStart / Tellings, services.Time, over.Token);
                await Task.WhenAny(pause, broken);
                if (broken.IsCompleted)
                {
                    return await await broken;
                }

                await pause;
                if (told < Tellings)
                {
                    Tell(100 * told / Tellings);
                }
            }

            return null;
        }
        finally
        {
            // From here on others watch them, or stop them.
            await over.CancelAsync();
        }
    }

    /// <summary>Completes when a worker fails.</summary>
    private async Task<DeploymentFailure> BrokenAsync(LiveRelease candidate, LiveWorker worker, CancellationToken over)
    {
        var watch = new WorkerWatch(app, worker, () => app.Rotation.Refresh(candidate), logger, services.Time, over);
        var process = worker.Process;
        if (await watch.BrokenAsync(over) is { } check)
        {
            return new DeploymentFailure(
                $"worker {process.Id} failed {app.Options.Health.Failures} checks in a row during its slow start: {check.Description}", Output: process.Log.Tail(DeploymentFailure.OutputLines));
        }

        var exit = await process.Exited;
        return new DeploymentFailure(
            $"worker {process.Id} ended during its slow start: {exit.Description} after {exit.After.TotalSeconds:0.00} s", exit.Status, process.Log.Tail(DeploymentFailure.OutputLines));
    }

    private void Tell(int percent) => deployment.Tell(told => told with { Share = percent });
}
