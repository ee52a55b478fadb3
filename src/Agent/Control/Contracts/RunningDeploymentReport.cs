namespace BlueGreen.Agent.Control.Contracts;

/// <summary>A deployment on its way to a switch.</summary>
/// <param name="Kind">deploy, rollback or restart.</param>
/// <param name="Step">accepted, fetching, preparing, checking, releasing, starting, probing or warming.</param>
/// <param name="Release">The release's number, once it has one.</param>
/// <param name="Since">When it began.</param>
internal sealed record RunningDeploymentReport(string Kind, string Step, int? Release, DateTimeOffset Since);
