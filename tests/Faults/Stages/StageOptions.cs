using System.Globalization;
using BlueGreen.Faults.Accounting;
using BlueGreen.Faults.Jobs;

namespace BlueGreen.Faults.Stages;

/// <summary>How the front of a stage is configured: impatient, so that what takes minutes in production takes a second.</summary>
public sealed record StageOptions
{
    /// <summary>How long a replaced release stays warm. Default 500 ms.</summary>
    public TimeSpan Probation { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two checks of a worker. Default 100 ms.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>For one check. Default 500 ms: a busy machine must not pass for a dead worker.</summary>
    public TimeSpan HealthTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Failed checks in a row until a worker is replaced. Default 3.</summary>
    public int HealthFailures { get; init; } = 3;

    /// <summary>From a worker's start to its being healthy. Default 10 s.</summary>
    public TimeSpan HealthDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request may wait for a worker. Default 10 s.</summary>
    public TimeSpan HoldWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The drain deadlines. Default 4 s: far more than any exchange of the load takes.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Stored releases. Default 3.</summary>
    public int KeptReleases { get; init; } = 3;

    /// <summary>Workers of a release. Default 1.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Where what must run once runs. Default: there is no such thing.</summary>
    public JobPlace Job { get; init; } = JobPlace.Nowhere;

    /// <summary>Whether workers are told their roles. Default: they are not.</summary>
    public bool Roles { get; init; }

    /// <summary>How long a worker may take to acknowledge its role. Default 2 s.</summary>
    public TimeSpan RoleTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether workers are warmed up. Default: they are not.</summary>
    public bool WarmUp { get; init; }

    /// <summary>
    /// Deployments come by every step. A leader that was stopped has been seen to be unhealthy, drained and killed before the one after it is
    /// given up for it.
    /// </summary>
    public static StageOptions EveryStep { get; } = new() { Roles = true, RoleTimeout = TimeSpan.FromSeconds(20), WarmUp = true };

    /// <summary>
    /// A stage for what must run once. Without probation: its end is another moment at which a release is taken back. A release that
    /// never gets healthy is given up sooner, and no release is pruned that a rollback may still get to.
    /// </summary>
    public static StageOptions Once(JobPlace job) => new()
    {
        Job = job,
        Roles = job == JobPlace.Workers,
        Instances = job == JobPlace.Workers ? 2 : 1,
        Probation = TimeSpan.Zero,
        HealthDeadline = TimeSpan.FromSeconds(5),
        KeptReleases = 1000,
    };

    /// <summary>The same, as far as it decides what a failure is put down to.</summary>
    public AttributionOptions Attribution => new()
    {
        HoldWait = HoldWait,
        Drain = Drain,
        Detection = (HealthFailures * (HealthInterval + HealthTimeout)) + TimeSpan.FromSeconds(1),
    };

    /// <summary>bluegreen.yaml.</summary>
    /// <param name="record">The file the workers write the POSTs' ids to.</param>
    /// <param name="jobs">The file their jobs write to.</param>
    public string ToYaml(string record, string jobs) => string.Create(CultureInfo.InvariantCulture, $$"""
        apps:
          web:
            env: {RECORD_FILE: {{record}}, JOB_FILE: {{jobs}}}
            instances: {{Instances}}
            health:
              path: /healthz
              interval: {{Ms(HealthInterval)}}
              timeout: {{Ms(HealthTimeout)}}
              failures: {{HealthFailures}}
              deadline: {{Ms(HealthDeadline)}}
            hold: {wait: {{Ms(HoldWait)}}}
            probation: {{Ms(Probation)}}
            drain: {requests: {{Ms(Drain)}}, streams: {{Ms(Drain)}}, stop: 1s}
            keep: {releases: {{KeptReleases}}}
            {{(Roles ? $"roles: {{path: /-/role, timeout: {Ms(RoleTimeout)}}}" : "")}}
            {{(WarmUp ? "warmup: {requests: [GET /healthz], rounds: 100}" : "")}}

        """);

    private static string Ms(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}ms");
}
