using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>Tells the workers of one app their roles, and says which of them have not acknowledged one.</summary>
internal sealed class RoleTeller(App app, RoleServices services)
{
    private RoleOptions Options => app.Options.Roles ?? new RoleOptions();

    /// <summary>Tells one worker, and remembers what it was told.</summary>
    public async Task<RoleAnswer> TellAsync(LiveWorker worker, RoleMessage message, CancellationToken cancel)
    {
        if (worker.Told is null)
        {
            _ = worker.Process.Exited.ContinueWith(
                _ => services.Channel.Forget(worker.Process), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        worker.Told = message;
        var answer = await services.Channel.TellAsync(worker.Process, message, Options, cancel);
        if (answer is RoleAnswer.Silent)
        {
            // So that it is told again.
            worker.Told = message with { Role = WorkerRole.Standby, Leader = false };
        }

        return answer;
    }

    /// <summary>Tells some workers of a release at once, none of them that it leads.</summary>
    /// <returns>Null when all have acknowledged it, or ended: whoever needs them finds that out.</returns>
    public async Task<DeploymentFailure?> TellAllAsync(LiveRelease live, IEnumerable<LiveWorker> workers, WorkerRole role, CancellationToken cancel)
    {
        if (workers.ToArray() is not { Length: > 0 } all)
        {
            return null;
        }

        // A number of its own, so that what a worker has acknowledged before does not pass for an answer to this.
        var message = new RoleMessage(role, services.Generations.Take(app.Name), live.Release.Number, Leader: false);
        var failures = await Task.WhenAll(all.Select(async worker =>
            await TellAsync(worker, message, cancel) is RoleAnswer.Silent silent ? Failure(worker, message, silent) : null));
        return failures.FirstOrDefault(failure => failure is not null);
    }

    /// <summary>One has not acknowledged its role: that is logged.</summary>
    /// <returns>Null where things go on all the same.</returns>
    public DeploymentFailure? Failure(LiveWorker worker, RoleMessage message, RoleAnswer.Silent silent)
    {
        var reason = $"worker {worker.Process.Id} did not acknowledge that it is {message.Description} within "
            + $"{Options.Timeout.TotalSeconds:0.###} s (roles.timeout): {silent.Last}";
        services.Logger.LogWarning("{App}: {Reason}", app.Name, reason);
        return Options.OnTimeout == OnRoleTimeout.Continue ? null : new DeploymentFailure(reason, Output: worker.Process.Log.Tail(DeploymentFailure.OutputLines));
    }
}
