using System.Diagnostics;

namespace BlueGreen.Load.Running;

/// <summary>Runs every connection of a load and sums up what they saw.</summary>
internal static class LoadRun
{
    /// <summary>Runs until the allowance is used up or <paramref name="stop"/> is cancelled, then ends what was begun.</summary>
    public static async Task<LoadReport> RunAsync(LoadOptions options, IRequestSource source, Progress progress, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var allowance = new Allowance(options, started, stop);
        var tallies = Enumerable.Range(0, options.Connections).Select(index => new Tally(options, index, started)).ToList();
        await Task.WhenAll(tallies.Select((tally, index) => Task.Run(
            new ConnectionRun(options, source, index, allowance, progress, tally).RunAsync, CancellationToken.None)));
        progress.Complete();
        return SumUp(options, tallies, Stopwatch.GetElapsedTime(started));
    }

    private static LoadReport SumUp(LoadOptions options, List<Tally> tallies, TimeSpan elapsed)
    {
        var latencies = new Latencies();
        tallies.ForEach(tally => latencies.Add(tally.Latencies));
        return new LoadReport
        {
            Options = options,
            Elapsed = elapsed,
            Requests = tallies.Sum(tally => tally.Requests),
            ConnectionsOpened = tallies.Sum(tally => tally.ConnectionsOpened),
            Failures = tallies.SelectMany(tally => tally.Failures).GroupBy(pair => pair.Key)
                .ToDictionary(kind => kind.Key, kind => kind.Sum(pair => pair.Value)),
            Samples = [.. tallies.SelectMany(tally => tally.Samples).OrderBy(failure => failure.After).Take(options.Samples)],
            Latencies = latencies,
            Releases = [.. tallies.SelectMany(tally => tally.Releases).GroupBy(pair => pair.Key)
                .OrderBy(release => release.Min(pair => pair.Value.First))
                .Select(release => new ReleaseSeen(
                    release.Key, release.First().Value.Label, release.Sum(pair => pair.Value.Requests)))],
            Answers = [.. tallies.SelectMany(tally => tally.Answers)],
        };
    }
}
