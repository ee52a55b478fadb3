using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Deployments;

/// <summary>What is run once from a release, and for how long it may.</summary>
/// <param name="Task">What it is for: preflight, release, run-once.</param>
/// <param name="Launch">How it is started.</param>
internal sealed record ReleaseCommand(string Task, LaunchCommand Launch)
{
    /// <summary>The process type it is of; null: none.</summary>
    public string? Process { get; init; }

    /// <summary>The last part of the name of its log, APP.RELEASE.PLACE.log, which nothing else has that runs at the same time.</summary>
    public string Place { get; init; } = Task;

    /// <summary>How long it may take. Default: as long as it likes.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>Between SIGTERM and SIGKILL, where it is ended before its own end. Default zero: it is killed at once.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Told its pid.</summary>
    public Action<int> Started { get; init; } = _ => { };
}
