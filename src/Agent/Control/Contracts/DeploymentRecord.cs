using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Control.Contracts;

/// <summary>
/// One deployment that has ended: a line of DIR/audit.jsonl and of <c>history --json</c>. A promise: fields are added, never renamed;
/// those that do not apply are left out.
/// </summary>
internal sealed record DeploymentRecord
{
    /// <summary>That of its events.</summary>
    public required string Id { get; init; }

    /// <summary>The app.</summary>
    public required string App { get; init; }

    /// <summary>deploy, rollback or restart.</summary>
    public required string Kind { get; init; }

    /// <summary>What began it: cli, usr2, start, config, watch or probation.</summary>
    public required string Trigger { get; init; }

    /// <summary>Who asked for it over the control socket.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ActorReport? By { get; init; }

    /// <summary>Where the release came from.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>sha256 of its content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Digest { get; init; }

    /// <summary>The release's number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Release { get; init; }

    /// <summary>The release's label.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>The release that served until the switch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Replaced { get; init; }

    /// <summary>completed, failed, rolledback, or interrupted: the front ended before it had.</summary>
    public required string Outcome { get; init; }

    /// <summary>failed: the step that failed; interrupted: the last one that was written down.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Step { get; init; }

    /// <summary>Why, in one line; for a rollback by itself, what it answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>The exit status of what failed, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExitCode { get; init; }

    /// <summary>Exchanges of the replaced release that ended by themselves.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Drained { get; init; }

    /// <summary>Exchanges that a drain deadline cut.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Cut { get; init; }

    /// <summary>How long it took; absent where that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DeploymentDurations? Durations { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; interrupted: when that was found.</summary>
    public required DateTimeOffset EndedAt { get; init; }
}
