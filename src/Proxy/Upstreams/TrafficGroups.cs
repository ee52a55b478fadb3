namespace BlueGreen.Proxy.Upstreams;

/// <summary>Backends that have the traffic and newcomers that get a growing share of it. Neither group is empty.</summary>
/// <param name="Settled">Those that have it.</param>
/// <param name="Newcomers">Those that get a share.</param>
/// <param name="SlowStart">How much.</param>
internal sealed record TrafficGroups(TrafficSplit Settled, TrafficSplit Newcomers, SlowStart SlowStart)
{
    /// <summary>The group whose turn it is.</summary>
    public TrafficSplit Next() => SlowStart.TakesNext() ? Newcomers : Settled;
}
