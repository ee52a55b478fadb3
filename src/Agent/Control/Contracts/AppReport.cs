using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Control.Contracts;

/// <summary>One app.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Generation">The number of its last switch attempt.</param>
/// <param name="Held">Requests that wait for a worker at this moment.</param>
/// <param name="Resent">How often a request went to a worker again, since the front's start, after one had failed it.</param>
/// <param name="AllUnhealthy">True while every worker fails its checks: requests are sent to them all the same.</param>
/// <param name="Releases">The live releases, newest first.</param>
/// <param name="Deployment">The deployment that has not switched yet, or null.</param>
/// <param name="Probation">The probation the active release is on, or null.</param>
/// <param name="Source">Where its releases come from; null: nothing is configured or deployed yet.</param>
internal sealed record AppReport(
    string Name,
    long Generation,
    int Held,
    long Resent,
    bool AllUnhealthy,
    IReadOnlyList<LiveReleaseReport> Releases,
    RunningDeploymentReport? Deployment,
    ProbationReport? Probation,
    SourceReport? Source)
{
    /// <summary>Its process types that take no requests, by name.</summary>
    public IReadOnlyList<ProcessTypeReport> Processes { get; init; } = [];

    /// <summary>The worker that leads; left out where workers are told no roles, and where none leads.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LeaderReport? Leader { get; init; }

    /// <summary>What is run once from its releases at this moment, by <c>bluegreen run-once</c>.</summary>
    public IReadOnlyList<RunOnceReport> RunOnce { get; init; } = [];
}
