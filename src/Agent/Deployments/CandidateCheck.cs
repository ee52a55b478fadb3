using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments;

/// <summary>What may say no to a release before its workers are started: its own preflight, then the operator's hook.</summary>
internal sealed class CandidateCheck(
    App app, AppOptions options, Deployment deployment, DeploymentPlan plan, DeploymentServices services, DeploymentJournal journal)
{
    private const string Preflight = "preflight";

    /// <summary>Runs what is configured, one after the other.</summary>
    /// <param name="release">The release; it is stored.</param>
    /// <param name="cancel">The deployment is given up.</param>
    /// <returns>Null when nothing says no.</returns>
    public async Task<DeploymentFailure?> RunAsync(Release release, CancellationToken cancel)
    {
        // What has served before has been checked before.
        if (options.Preflight is { } preflight && plan.Request is DeploymentRequest.Deploy)
        {
            Begin(release, Preflight, preflight.Command);
            // A check has nothing to take back: it is killed at once where it is ended.
            var command = new ReleaseCommand(Preflight, release.Command with { Line = preflight.Command, Origin = Preflight }) { Timeout = preflight.Timeout };
            var end = await services.Commands.RunAsync(options, release, command, cancel);
            if (!end.Succeeded)
            {
                return Failure(Preflight, end, preflight.Timeout, "preflight.timeout");
            }
        }

        // Nothing stands between a release that fails its probation and the one that is known to serve.
        if (options.Hooks.Before is { } before && plan.Request.Trigger != DeploymentTrigger.Probation)
        {
            Begin(release, Hook.Before, command: null);
            var told = deployment.Whole(Hook.Before);
            var end = await services.Hooks.RunAsync(app.Name, options.Hooks, Hook.Before, before, told, cancel);
            if (!end.Succeeded)
            {
                return Failure($"hook {Hook.Before}", end, options.Hooks.Timeout, "hooks.timeout");
            }
        }

        return null;
    }

    private void Begin(Release release, string check, string? command)
    {
        journal.Write(DeploymentState.Checking, release.Number);
        deployment.Concerns(release);
        deployment.Advance(DeploymentState.Checking, told => told with { Check = check, Command = command });
    }

    private static DeploymentFailure Failure(string what, OneOffEnd end, TimeSpan limit, string key) => new(
        end.Exit is { } exit
            ? $"{what} refused it: {exit.Description} after {exit.After.TotalSeconds:0.00} s"
            : $"{what} had not ended within {limit.TotalSeconds:0.###} s ({key})",
        end.Exit?.Status,
        end.Output);
}
