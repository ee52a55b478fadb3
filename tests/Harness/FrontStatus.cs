namespace BlueGreen.Harness;

/// <summary><c>status --json</c>, as a script reads it.</summary>
public sealed record FrontStatus(int Pid, string Version, DateTimeOffset StartedAt, IReadOnlyList<string> Listen, IReadOnlyList<AppStatus> Apps)
{
    /// <summary>An app.</summary>
    public AppStatus App(string name = "web") => Apps.Single(app => app.Name == name);
}

/// <summary>One app of it.</summary>
public sealed record AppStatus(
    string Name,
    long Generation,
    int Held,
    bool AllUnhealthy,
    IReadOnlyList<ReleaseStatus> Releases,
    DeploymentStatus? Deployment,
    ProbationStatus? Probation,
    SourceStatus? Source,
    IReadOnlyList<RunOnceStatus> RunOnce)
{
    /// <summary>The release that serves, or null.</summary>
    public ReleaseStatus? Active => Releases.SingleOrDefault(release => release.Role == "active");

    /// <summary>The live release in a role.</summary>
    public ReleaseStatus In(string role) => Releases.Single(release => release.Role == role);
}

/// <summary>One live release of it.</summary>
public sealed record ReleaseStatus(int Release, string Label, string Digest, string Role, DateTimeOffset Since, IReadOnlyList<WorkerStatus> Workers);

/// <summary>One worker of it.</summary>
public sealed record WorkerStatus(string Id, int Pid, string Address, string State, int Restarts, InFlightStatus InFlight);

/// <summary>What a worker carries.</summary>
public sealed record InFlightStatus(int Requests, int Streams, int Upgraded)
{
    /// <summary>All kinds together.</summary>
    public int Total => Requests + Streams + Upgraded;
}

/// <summary>A deployment on its way to the switch.</summary>
public sealed record DeploymentStatus(string Kind, string Step, int? Release, DateTimeOffset Since);

/// <summary>Where an app's releases come from.</summary>
public sealed record SourceStatus(string Source, long? EveryMs, string Deploy, DateTimeOffset? CheckedAt, string? Result, string? Detail);

/// <summary>A release that has yet to prove itself.</summary>
public sealed record ProbationStatus(int Release, DateTimeOffset Until, int Fallback);

/// <summary>Something that somebody runs once.</summary>
public sealed record RunOnceStatus(string Id, int Release, string? Process, string Command, int Pid, DateTimeOffset Since);
