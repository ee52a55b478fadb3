namespace BlueGreen.Proxy.Upstreams;

/// <summary>How long a retired backend's exchanges may go on before they are cut. Zero cuts at once.</summary>
/// <param name="Requests">For ordinary requests.</param>
/// <param name="Streams">For streams and upgraded connections.</param>
public sealed record DrainDeadlines(TimeSpan Requests, TimeSpan Streams);
