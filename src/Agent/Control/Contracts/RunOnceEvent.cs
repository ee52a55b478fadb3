using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Control.Contracts;

/// <summary>
/// What becomes of something that is run once, one JSON object a line in <c>run-once --json</c>. A promise: fields are added, never
/// renamed; those that do not apply to an event are left out.
/// </summary>
internal sealed record RunOnceEvent
{
    /// <summary>started; output, again and again; then, as the last one, ended.</summary>
    public required string Event { get; init; }

    /// <summary>The app.</summary>
    public required string App { get; init; }

    /// <summary>The number of the release it is run from.</summary>
    public required int Release { get; init; }

    /// <summary>Tells it from all others that run: APP.RELEASE.once+N. Its log has that name, too.</summary>
    public required string Id { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Milliseconds since it began.</summary>
    public required long ElapsedMs { get; init; }

    /// <summary>started: its process type, where it is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Process { get; init; }

    /// <summary>started: its command line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

    /// <summary>started: its process id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Pid { get; init; }

    /// <summary>output: what it has printed since the last event, with its line ends; standard output and error in the order they came.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>ended, by itself: its exit status, as a shell shows it: 128 + N where signal N has killed it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExitCode { get; init; }

    /// <summary>
    /// ended, but not by itself: timeout; interrupted, by whoever began it; stopping, the front or the app; error, of the front.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>True for the event after which nothing comes.</summary>
    [JsonIgnore]
    public bool IsLast => Event == "ended";
}
