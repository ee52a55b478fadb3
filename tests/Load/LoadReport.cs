namespace BlueGreen.Load;

/// <summary>What a load saw. Every request is counted once: as succeeded, or under one kind of failure.</summary>
public sealed record LoadReport
{
    /// <summary>The kind of load.</summary>
    public required LoadOptions Options { get; init; }

    /// <summary>Requests started.</summary>
    public required long Requests { get; init; }

    /// <summary>Time from the first request's start to the last one's end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Failed requests by kind; only kinds that happened.</summary>
    public required IReadOnlyDictionary<FailureKind, long> Failures { get; init; }

    /// <summary>The first failures, with details; at most <see cref="LoadOptions.Samples"/>.</summary>
    public required IReadOnlyList<LoadFailure> Samples { get; init; }

    /// <summary>Latencies of the requests that succeeded, from the end of <see cref="LoadOptions.WarmUp"/> on.</summary>
    public required Latencies Latencies { get; init; }

    /// <summary>The releases that answered, in the order of their first answers' arrival.</summary>
    public required IReadOnlyList<ReleaseSeen> Releases { get; init; }

    /// <summary>
    /// Every whole answer, whatever its status, by connection and there in order; empty without <see cref="LoadOptions.KeepAnswers"/>.
    /// </summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>Connections opened; for a kept-alive load without failures, <see cref="LoadOptions.Connections"/>.</summary>
    public required long ConnectionsOpened { get; init; }

    /// <summary>Failed requests in all.</summary>
    public long Failed => Failures.Values.Sum();

    /// <summary>Requests with a whole 2xx answer that left the connection as it should be.</summary>
    public long Succeeded => Requests - Failed;

    /// <summary>Whether there were requests and none failed.</summary>
    public bool IsFlawless => Requests > 0 && Failed == 0;

    /// <summary>Requests a second.</summary>
    public double PerSecond => Elapsed > TimeSpan.Zero ? Requests / Elapsed.TotalSeconds : 0;

    /// <summary>Failed requests of a kind.</summary>
    public long FailedAs(FailureKind kind) => Failures.GetValueOrDefault(kind);

    /// <summary>
    /// The answers to requests started after a moment that came from another release than the one expected: what must be
    /// empty when every new request reaches the new release.
    /// </summary>
    /// <param name="moment">A <c>Stopwatch.GetTimestamp()</c>.</param>
    /// <param name="release">The release expected, as <c>X-Release</c> says it.</param>
    public IEnumerable<Answer> StrayAnswers(long moment, string release) =>
        Answers.Where(answer => answer.Started > moment && answer.Release != release);

    /// <summary>Latencies of the answers to requests that were under way at some time between two moments, whatever their status.</summary>
    /// <param name="from">A <c>Stopwatch.GetTimestamp()</c>.</param>
    /// <param name="until">A later one.</param>
    public Latencies LatenciesBetween(long from, long until)
    {
        var latencies = new Latencies();
        foreach (var answer in Answers)
            if (answer.Ended >= from && answer.Started <= until)
                latencies.Record(answer.Ended - answer.Started);
        return latencies;
    }

    /// <summary>The report for people, several lines.</summary>
    public override string ToString() => Reports.ReportText.Of(this);
}
