using System.Collections.Immutable;

namespace BlueGreen.Agent.Deployments;

/// <summary>Which step may follow which.</summary>
internal static class DeploymentTransitions
{
    private static readonly ImmutableDictionary<DeploymentState, ImmutableArray<DeploymentState>> Table =
        new Dictionary<DeploymentState, ImmutableArray<DeploymentState>>
        {
            // A rollback or a restart has its release already; one to a release that still runs has its workers, too.
            [DeploymentState.Accepted] =
                [
                    DeploymentState.Fetching, DeploymentState.Checking, DeploymentState.Releasing, DeploymentState.Starting, DeploymentState.Probing,
                    DeploymentState.Failed,
                ],
            [DeploymentState.Fetching] = [DeploymentState.Preparing, DeploymentState.Failed],
            [DeploymentState.Preparing] = [DeploymentState.Checking, DeploymentState.Releasing, DeploymentState.Starting, DeploymentState.Failed],
            // Once for each check.
            [DeploymentState.Checking] =
                [DeploymentState.Checking, DeploymentState.Releasing, DeploymentState.Starting, DeploymentState.Probing, DeploymentState.Failed],
            [DeploymentState.Releasing] = [DeploymentState.Starting, DeploymentState.Probing, DeploymentState.Failed],
            [DeploymentState.Starting] = [DeploymentState.Probing, DeploymentState.Failed],
            // Back to starting: where workers that were kept running for a rollback do not serve any more.
            [DeploymentState.Probing] = [DeploymentState.Starting, DeploymentState.Warming, DeploymentState.HandingOver, DeploymentState.Switched, DeploymentState.Failed],
            [DeploymentState.Warming] = [DeploymentState.HandingOver, DeploymentState.Switched, DeploymentState.Failed],
            [DeploymentState.HandingOver] = [DeploymentState.Switched, DeploymentState.Failed],
            [DeploymentState.Switched] = [DeploymentState.Draining],
            [DeploymentState.Draining] = [DeploymentState.Completed, DeploymentState.RolledBack],
            [DeploymentState.Completed] = [],
            [DeploymentState.RolledBack] = [],
            [DeploymentState.Failed] = [],
        }.ToImmutableDictionary();

    /// <summary>Whether the step is in the table.</summary>
    public static bool Allows(DeploymentState from, DeploymentState to) => Table[from].Contains(to);

    /// <summary>Checks a step.</summary>
    /// <exception cref="InvalidOperationException">It is not in the table.</exception>
    public static void Check(DeploymentState from, DeploymentState to)
    {
        if (!Allows(from, to))
        {
            throw new InvalidOperationException($"A deployment that is {from} cannot become {to}.");
        }
    }
}
