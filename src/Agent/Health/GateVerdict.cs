namespace BlueGreen.Agent.Health;

/// <summary>How the wait for a new worker ended.</summary>
internal abstract record GateVerdict
{
    /// <summary>It passed often enough in a row.</summary>
    public sealed record Healthy(TimeSpan FirstPassAfter, TimeSpan After) : GateVerdict;

    /// <summary>Its process ended.</summary>
    public sealed record Exited : GateVerdict;

    /// <summary>The deadline passed.</summary>
    /// <param name="Last">What the last check saw; null when not one was finished.</param>
    public sealed record TooLate(ProbeResult? Last) : GateVerdict;
}
