using System.Collections.Immutable;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments;

/// <summary>Makes the state of an app, when it was lost, from what is still there: the stored releases and the living workers.</summary>
internal static class StateRebuild
{
    /// <summary>
    /// The state as far as it can be told. The active release is the first of these that is stored:
    /// <list type="number">
    /// <item>the marked one: the mark follows every switch;</item>
    /// <item>
    /// that of the workers with the lowest generation. Where workers of two releases live, one of them may be a candidate that never was
    /// healthy; those that were started first have served, or nothing would have been started after them. So users meet the release from
    /// before at worst, never one that nobody has checked;
    /// </item>
    /// <item>the newest one, when nothing runs.</item>
    /// </list>
    /// The other workers are in the journal too, for whoever stops them. Neither counter falls behind anything that is seen; and since
    /// generations that nobody can see any more must not come again (apps refuse old ones), they go on from the seconds since 1970, which
    /// no front can have counted to.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="stored">Its releases in the store.</param>
    /// <param name="markedActive">The one the store has marked.</param>
    /// <param name="highestNumber">The highest number in the store, readable or not; 0 when there is none.</param>
    /// <param name="running">The living workers; those of other apps do not count.</param>
    /// <param name="now">The time.</param>
    public static AppState Of(
        string app, IReadOnlyList<Release> stored, int? markedActive, int highestNumber, IReadOnlyList<RunningWorker> running, DateTimeOffset now)
    {
        ImmutableArray<int> numbers = [.. stored.Select(release => release.Number).Order()];
        ImmutableArray<RunningWorker> workers = [.. running.Where(worker => worker.App == app).OrderBy(worker => worker.Generation)];
        var active = numbers.Contains(markedActive ?? 0) ? markedActive : OldestServing(numbers, workers) ?? Newest(numbers);
        return new AppState
        {
            Generation = workers.Select(worker => worker.Generation).Append(now.ToUnixTimeSeconds()).Max(),
            LastRelease = numbers.Concat(workers.Select(worker => worker.Release)).Append(highestNumber).Append(markedActive ?? 0).Max(),
            Active = active,
            ActiveGeneration = workers.LastOrDefault(worker => worker.Release == active)?.Generation,
            History = [.. numbers.Where(number => number < active)],
            HighestSequence = stored.Select(release => release.Verified?.Sequence).Max(),
            LastDeploy = stored.MaxBy(release => release.Number) is { } last ? new LastDeploy(last.Source, CommandOf(last)) : null,
            Workers = [.. workers.Select(Journaled)],
        };
    }

    /// <summary>
    /// The state as an older copy has it, put right by what has come since: one change may be missing, a switch or a worker's start.
    /// </summary>
    /// <param name="copy">The older copy.</param>
    /// <param name="stored">The releases in the store.</param>
    /// <param name="markedActive">The one the store has marked.</param>
    /// <param name="running">The living workers of the app.</param>
    public static AppState Amend(AppState copy, IReadOnlyList<Release> stored, int? markedActive, IReadOnlyList<RunningWorker> running)
    {
        var amended = copy with { Generation = running.Select(worker => worker.Generation).Append(copy.Generation).Max() + 1 };
        return markedActive is { } marked && marked != copy.Active && stored.Any(release => release.Number == marked)
            ? amended with
            {
                Active = marked,
                ActiveGeneration = running.Where(worker => worker.Release == marked).Select(worker => (long?)worker.Generation).Max(),
                History = RollbackTarget.HistoryAfter(copy, marked),
                LastRelease = Math.Max(copy.LastRelease, marked),
                Deployment = null,
                Probation = null,
            }
            : amended;
    }

    private static int? OldestServing(ImmutableArray<int> stored, ImmutableArray<RunningWorker> workers) =>
        workers.FirstOrDefault(worker => stored.Contains(worker.Release))?.Release;

    private static int? Newest(ImmutableArray<int> stored) => stored.IsEmpty ? null : stored[^1];

    // One that was found in the release is found there again.
    private static string? CommandOf(Release release) => release.Command.Origin == "command" ? release.Command.Line : null;

    private static JournaledWorker Journaled(RunningWorker worker) => new(
        worker.Id, worker.Release, worker.Generation, worker.Identity.Pid, worker.Identity.StartTicks, worker.Identity.BootId,
        LiveWorker.AddressOf(worker.EndPoint).ToString());
}
