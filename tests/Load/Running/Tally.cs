using System.Diagnostics;
using BlueGreen.Load.Http;

namespace BlueGreen.Load.Running;

/// <summary>What one connection of a load saw. Written by its connection only, read when that has ended.</summary>
internal sealed class Tally(LoadOptions options, int connection, long loadStarted)
{
    private readonly long _warm = loadStarted + (long)(options.WarmUp.TotalSeconds * Stopwatch.Frequency);
    private readonly Dictionary<string, ReleaseTally> _releases = new(StringComparer.Ordinal);

    public long Requests { get; private set; }

    public long ConnectionsOpened { get; set; }

    public Latencies Latencies { get; } = new();

    public Dictionary<FailureKind, long> Failures { get; } = [];

    public List<LoadFailure> Samples { get; } = [];

    public List<Answer> Answers { get; } = [];

    public IReadOnlyDictionary<string, ReleaseTally> Releases => _releases;

    /// <summary>A request begins; what follows is about it.</summary>
    /// <returns>Its number, from 0.</returns>
    public long Begin() => Requests++;

    public void AddSuccess(long started, long ended)
    {
        if (started >= _warm)
            Latencies.Record(ended - started);
    }

    public void AddFailure(FailureKind kind, string detail)
    {
        Failures[kind] = Failures.GetValueOrDefault(kind) + 1;
        if (Samples.Count < options.Samples)
            Samples.Add(new LoadFailure(kind, detail, connection, Requests - 1, Stopwatch.GetElapsedTime(loadStarted)));
    }

    public void AddAnswer(HttpAnswer answer, long started, long ended)
    {
        var release = answer.Header("X-Release") ?? "";
        if (options.KeepAnswers)
            Answers.Add(new Answer(started, ended, release));
        if (!_releases.TryGetValue(release, out var seen))
            _releases.Add(release, seen = new ReleaseTally(answer.Header("X-Label") ?? "", ended));
        seen.Requests++;
    }

    /// <summary>How often a release answered on this connection, and when first.</summary>
    internal sealed class ReleaseTally(string label, long first)
    {
        public string Label { get; } = label;

        public long First { get; } = first;

        public long Requests { get; set; }
    }
}
