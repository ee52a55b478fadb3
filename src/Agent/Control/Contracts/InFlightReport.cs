namespace BlueGreen.Agent.Control.Contracts;

/// <summary>Exchanges in flight, by kind.</summary>
/// <param name="Requests">Ordinary requests.</param>
/// <param name="Streams">Server-sent events, gRPC.</param>
/// <param name="Upgraded">WebSockets and other upgraded connections.</param>
internal sealed record InFlightReport(int Requests, int Streams, int Upgraded);
