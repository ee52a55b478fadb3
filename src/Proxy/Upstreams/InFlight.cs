namespace BlueGreen.Proxy.Upstreams;

/// <summary>How many exchanges a backend carries at one moment, by kind.</summary>
public readonly record struct InFlight(int Requests, int Streams, int Upgraded)
{
    /// <summary>All kinds together.</summary>
    public int Total => Requests + Streams + Upgraded;

    /// <summary>Adds two counts, kind by kind.</summary>
    public static InFlight operator +(InFlight left, InFlight right) => Add(left, right);

    /// <summary>Adds two counts, kind by kind.</summary>
    public static InFlight Add(InFlight left, InFlight right) =>
        new(left.Requests + right.Requests, left.Streams + right.Streams, left.Upgraded + right.Upgraded);
}
