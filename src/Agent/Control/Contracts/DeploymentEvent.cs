using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Control.Contracts;

/// <summary>
/// One step of a deployment, one JSON object a line in <c>deploy --json</c>. A promise: fields are added, never renamed; those that do
/// not apply to an event are left out.
/// </summary>
internal sealed record DeploymentEvent
{
    /// <summary>
    /// fetching, preparing, checking (only where preflight or a hook is configured), releasing (only where the release has a release phase),
    /// starting, probing, warming (only where configured; again when the warm-up has ended, and with each share of a slow start),
    /// handingover (only where roles are), switched, draining; then, as the last one, completed, failed or rolledback. Hooks hear of
    /// before, switched, failed and rolledback.
    /// </summary>
    public required string Event { get; init; }

    /// <summary>True for the event that ends a deployment.</summary>
    [JsonIgnore]
    public bool IsLast => Event is "completed" or "failed" or "rolledback";

    /// <summary>The app.</summary>
    public required string App { get; init; }

    /// <summary>deploy, rollback or restart.</summary>
    public required string Kind { get; init; }

    /// <summary>The release's number; absent until it has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Release { get; init; }

    /// <summary>The release's label.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Milliseconds since the deployment began; for hooks and webhooks of a late rollback, since the release was stored.</summary>
    public required long ElapsedMs { get; init; }

    /// <summary>fetching, and for hooks and webhooks: what is deployed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>fetching, where it is a download: the bytes that are there. Such events come again and again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Bytes { get; init; }

    /// <summary>fetching: the bytes there will be, where that is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Total { get; init; }

    /// <summary>fetching: bytes a second.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Rate { get; init; }

    /// <summary>preparing, and for hooks and webhooks: sha256 of the content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Digest { get; init; }

    /// <summary>preparing: sha256 of the file it was made from; absent for a folder.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FileDigest { get; init; }

    /// <summary>preparing: the trusted key that has signed that file, where one has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SignedBy { get; init; }

    /// <summary>preparing: the sequence number that was signed with it, if any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Sequence { get; init; }

    /// <summary>starting: how it is started; checking: how it is checked; releasing: the release phase.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

    /// <summary>starting, probing, warming: how many workers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Workers { get; init; }

    /// <summary>switched: milliseconds from the workers' launch until the last of them passed its first check.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReadyAfterMs { get; init; }

    /// <summary>draining: exchanges the replaced release still carries.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? InFlight { get; init; }

    /// <summary>completed: milliseconds from the beginning to the switch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SwitchedAfterMs { get; init; }

    /// <summary>completed: exchanges of the replaced release that ended by themselves; failed: those of a slow start.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Drained { get; init; }

    /// <summary>completed, failed: exchanges that a drain deadline cut.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Cut { get; init; }

    /// <summary>failed: the step that failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Step { get; init; }

    /// <summary>failed, rolledback: why, in one line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>failed, rolledback: the release that serves, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StillActive { get; init; }

    /// <summary>failed, rolledback: the exit status of the worker, where one ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExitCode { get; init; }

    /// <summary>
    /// failed, rolledback: the last lines the worker printed. releasing: the lines the release phase has printed since the last event; such
    /// events come again and again.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Output { get; init; }

    /// <summary>Tells the deployment from all others, also in the history.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>checking: what is run: preflight, or before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Check { get; init; }

    /// <summary>switched, for hooks and webhooks: the release that served until then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Replaced { get; init; }

    /// <summary>For hooks and webhooks: what began it: cli, usr2, start, config, watch or probation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trigger { get; init; }

    /// <summary>For hooks and webhooks: who asked for it, where somebody did over the control socket.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ActorReport? By { get; init; }

    /// <summary>warming, as a warm-up begins: requests to each worker, unless its time is over before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Requests { get; init; }

    /// <summary>warming, as a warm-up ends: requests that were answered, by all workers together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Answered { get; init; }

    /// <summary>warming, as a warm-up ends: requests that were not answered with an allowed status, and need not be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Unexpected { get; init; }

    /// <summary>warming, as a warm-up ends: milliseconds that the slowest answer of the first round took.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FirstRoundMs { get; init; }

    /// <summary>The same of the last round that was complete, where that was another.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LastRoundMs { get; init; }

    /// <summary>warming, during a slow start: percent of the new requests that go to the new release.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Share { get; init; }
}
