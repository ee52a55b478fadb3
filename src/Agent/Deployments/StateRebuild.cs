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
    /// The other workers are in the journal too, for whoever stops them. Neither counter falls behind anything that is seen.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="stored">Its releases in the store.</param>
    /// <param name="markedActive">The one the store has marked.</param>
    /// <param name="highestNumber">The highest number in the store, readable or not; 0 when there is none.</param>
    /// <param name="running">The living workers; those of other apps do not count.</param>
    public static AppState Of(
        string app, IReadOnlyList<Release> stored, int? markedActive, int highestNumber, IReadOnlyList<RunningWorker> running)
    {
        ImmutableArray<int> numbers = [.. stored.Select(release => release.Number).Order()];
        ImmutableArray<RunningWorker> workers = [.. running.Where(worker => worker.App == app).OrderBy(worker => worker.Generation)];
        var active = numbers.Contains(markedActive ?? 0) ? markedActive : OldestServing(numbers, workers) ?? Newest(numbers);
        return new AppState
        {
            Generation = workers.Select(worker => worker.Generation).DefaultIfEmpty(0).Max(),
            LastRelease = numbers.Concat(workers.Select(worker => worker.Release)).Append(highestNumber).Append(markedActive ?? 0).Max(),
            Active = active,
            ActiveGeneration = workers.LastOrDefault(worker => worker.Release == active)?.Generation,
            History = [.. numbers.Where(number => number < active)],
            LastDeploy = stored.MaxBy(release => release.Number) is { } last ? new LastDeploy(last.Source, CommandOf(last)) : null,
            Workers = [.. workers.Select(Journaled)],
        };
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
