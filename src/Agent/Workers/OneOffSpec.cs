using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Workers;

/// <summary>What to run once, to its end.</summary>
internal sealed record OneOffSpec
{
    /// <summary>What it is for: preflight, release, run-once, before, after, failed.</summary>
    public required string Task { get; init; }

    /// <summary>The working folder.</summary>
    public required string Directory { get; init; }

    /// <summary>The program and its arguments, given its whole environment.</summary>
    public required Func<IReadOnlyDictionary<string, string>, IReadOnlyList<string>> Arguments { get; init; }

    /// <summary>Added to the front's own environment, without what tells a worker where to listen.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where its standard output and error are appended.</summary>
    public required WorkerLog Log { get; init; }

    /// <summary>What it can read from standard input; null: nothing.</summary>
    public string? Input { get; init; }

    /// <summary>Who it runs as, and what it may use. Null: as the front.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>How long it may take; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: as long as it likes.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Between SIGTERM and SIGKILL, where it is ended before its time or when that is over. Default zero: it is killed at once.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Told its pid.</summary>
    public Action<int> Started { get; init; } = _ => { };
}
