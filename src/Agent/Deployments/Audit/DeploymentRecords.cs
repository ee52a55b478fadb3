using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Deployments.Audit;

/// <summary>What is recorded of a deployment.</summary>
internal static class DeploymentRecords
{
    private const string Interrupted = "interrupted";

    /// <summary>One that has ended.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="events">All it has told, the end included.</param>
    public static DeploymentRecord Of(Deployment deployment, IReadOnlyList<DeploymentEvent> events)
    {
        var end = deployment.Whole(events[^1]);
        var switched = events.FirstOrDefault(told => told.Event == "switched");
        return new DeploymentRecord
        {
            Id = deployment.Id,
            App = end.App,
            Kind = end.Kind,
            Trigger = end.Trigger!,
            By = end.By,
            Source = end.Source,
            // Of a release that was thrown away before it had a number, the step told.
            Digest = end.Digest ?? events.Select(told => told.Digest).LastOrDefault(digest => digest is not null),
            Release = end.Release,
            Label = end.Label,
            Replaced = end.Replaced,
            Outcome = end.Event,
            Step = end.Step,
            Reason = end.Reason ?? (deployment.Request as DeploymentRequest.Rollback)?.Cause,
            ExitCode = end.ExitCode,
            Drained = end.Drained,
            Cut = end.Cut,
            Durations = new DeploymentDurations
            {
                FetchMs = TimeAt("fetching", events),
                CheckMs = TimeAt("checking", events),
                ReadyMs = switched?.ReadyAfterMs,
                SwitchMs = switched?.ElapsedMs,
                DrainMs = TimeAt("draining", events),
                TotalMs = end.ElapsedMs,
                ReleaseMs = TimeAt("releasing", events),
                WarmMs = TimeAt("warming", events),
            },
            StartedAt = deployment.StartedAt,
            EndedAt = end.At,
        };
    }

    /// <summary>One whose front ended before it had.</summary>
    /// <param name="app">The app.</param>
    /// <param name="cut">What that front had written down; null for what was written by a version that knew no ids.</param>
    /// <param name="now">The time.</param>
    public static DeploymentRecord? Of(string app, JournaledDeployment cut, DateTimeOffset now) => cut.Id is not { } id ? null : new DeploymentRecord
    {
        Id = id,
        App = app,
        Kind = cut.Kind,
        Trigger = cut.Trigger ?? Deployment.NameOf(DeploymentTrigger.Cli),
        By = cut.Uid is { } uid ? new ActorReport(uid, cut.User) : null,
        Source = cut.Source,
        Digest = cut.Digest,
        Release = cut.Release,
        Label = cut.Label,
        Replaced = cut.Replaced,
        Outcome = Interrupted,
        Step = cut.Step,
        Reason = cut.Step == Deployment.NameOf(DeploymentState.Switched)
            ? "the front ended while the replaced release finished what it had; the switch holds"
            : "the front ended before the switch; the release from before serves on",
        StartedAt = cut.StartedAt,
        EndedAt = now,
    };

    private static long? TimeAt(string step, IReadOnlyList<DeploymentEvent> events)
    {
        var spans = events.Zip(events.Skip(1)).Where(pair => pair.First.Event == step).Select(pair => pair.Second.ElapsedMs - pair.First.ElapsedMs).ToArray();
        return spans.Length > 0 ? spans.Sum() : null;
    }
}
