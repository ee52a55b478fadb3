using System.Collections.Immutable;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// What a front that starts makes of an app's journal and of the worker processes that live: which of them serve on, which are kept for
/// a rollback, which belong to nothing any more, and how the journal goes on.
/// </summary>
/// <param name="Journal">The app's state from here on; without a deployment under way or one that is not recorded.</param>
/// <param name="Serving">The workers of the active release.</param>
/// <param name="Warm">The workers kept for the rollback of a release on probation.</param>
/// <param name="Unowned">The workers of discarded candidates, of drains that were running, and strays: they are stopped.</param>
/// <param name="Discarded">The release of a deployment that had not switched; it goes.</param>
/// <param name="RolledBackFrom">The release on probation of which no worker survived: the app goes back to the one before.</param>
internal sealed record RecoveryPlan(
    AppState Journal,
    ImmutableArray<RunningWorker> Serving,
    ImmutableArray<RunningWorker> Warm,
    ImmutableArray<RunningWorker> Unowned,
    int? Discarded,
    int? RolledBackFrom)
{
    /// <summary>Makes the plan for one app.</summary>
    /// <param name="known">Its journal.</param>
    /// <param name="living">Its worker processes.</param>
    /// <param name="now">The time.</param>
    public static RecoveryPlan Of(AppState known, IReadOnlyCollection<RunningWorker> living, DateTimeOffset now)
    {
        // Written down until the switch only: whatever it was, nobody has seen it.
        var discarded = known.Deployment is { Kind: "deploy", Release: { } number } && number != known.Active && !known.History.Contains(number)
            ? number
            : (int?)null;
        var serving = Of(living, known.Active, known.ActiveGeneration);
        var probation = known.Probation is { } on && on.Generation == known.ActiveGeneration ? on : null;
        var warm = probation is null ? [] : Of(living, probation.Fallback, probation.FallbackGeneration);
        var after = known with { Deployment = null, Unrecorded = [] };
        int? rolledBackFrom = null;
        if (probation is not null && serving.IsEmpty)
        {
            // A front that stops in order ends the probation: so these workers have died, which is what it is there to see.
            rolledBackFrom = known.Active;
            (serving, warm) = (warm, []);
            after = after with
            {
                Active = probation.Fallback,
                ActiveGeneration = probation.FallbackGeneration,
                History = RollbackTarget.HistoryAfter(known, probation.Fallback),
                Probation = null,
            };
        }
        else if (probation is null || probation.Until <= now)
        {
            warm = [];
            after = after with { Probation = null };
        }

        return new RecoveryPlan(after, serving, warm, [.. living.Except(serving).Except(warm)], discarded, rolledBackFrom);
    }

    private static ImmutableArray<RunningWorker> Of(IEnumerable<RunningWorker> living, int? release, long? generation) =>
        [.. living.Where(worker => worker.Release == release && worker.Generation == generation)];
}
