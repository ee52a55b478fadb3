namespace BlueGreen.Agent.Health;

/// <summary>What one check saw.</summary>
/// <param name="Passed">True for a 2xx.</param>
/// <param name="Description">For people: "GET /healthz answered 500".</param>
internal sealed record ProbeResult(bool Passed, string Description);
