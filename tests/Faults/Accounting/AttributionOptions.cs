namespace BlueGreen.Faults.Accounting;

/// <summary>What the front is configured to do with requests it cannot pass on.</summary>
public sealed record AttributionOptions
{
    /// <summary><c>hold.wait</c>.</summary>
    public TimeSpan HoldWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>drain.requests</c> and <c>drain.streams</c>, of which the shorter.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long after a worker was stopped by SIGSTOP requests may still be sent into it: <c>health.failures</c> checks of
    /// <c>health.timeout</c> with <c>health.interval</c> between them, and a second for a busy machine.
    /// </summary>
    public TimeSpan Detection { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How much earlier than its time a timer of the front may seem to have been, from outside. Default 50 ms.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMilliseconds(50);
}
