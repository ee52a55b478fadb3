namespace BlueGreen.Agent.Control.Contracts;

/// <summary><c>status --json</c>. A promise: fields are added, never renamed.</summary>
/// <param name="Pid">The front's process id.</param>
/// <param name="Version">The front's version.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Listen">The addresses it listens on, with the ports that were bound.</param>
/// <param name="Apps">Its apps.</param>
internal sealed record StatusReport(
    int Pid, string Version, DateTimeOffset StartedAt, IReadOnlyList<string> Listen, IReadOnlyList<AppReport> Apps);

/// <summary>One app.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Generation">The number of its last switch attempt.</param>
/// <param name="Held">Requests that wait for a worker at this moment.</param>
/// <param name="Releases">The live releases, newest first.</param>
/// <param name="Deployment">The deployment that has not switched yet, or null.</param>
internal sealed record AppReport(
    string Name, long Generation, int Held, IReadOnlyList<LiveReleaseReport> Releases, RunningDeploymentReport? Deployment);

/// <summary>A release that has workers.</summary>
/// <param name="Release">Its number.</param>
/// <param name="Label">Its label.</param>
/// <param name="Digest">sha256 of its content.</param>
/// <param name="Role">candidate, active, standby, draining or retired.</param>
/// <param name="Since">Since when it has that role.</param>
/// <param name="Workers">Its workers.</param>
internal sealed record LiveReleaseReport(
    int Release, string Label, string Digest, string Role, DateTimeOffset Since, IReadOnlyList<WorkerReport> Workers);

/// <summary>A worker.</summary>
/// <param name="Id">APP.RELEASE.N.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="State">starting, healthy, stopping or exited.</param>
/// <param name="Restarts">How often it was started again after it died.</param>
/// <param name="InFlight">What it carries.</param>
internal sealed record WorkerReport(string Id, int Pid, string Address, string State, int Restarts, InFlightReport InFlight);

/// <summary>Exchanges in flight, by kind.</summary>
/// <param name="Requests">Ordinary requests.</param>
/// <param name="Streams">Server-sent events, gRPC.</param>
/// <param name="Upgraded">WebSockets and other upgraded connections.</param>
internal sealed record InFlightReport(int Requests, int Streams, int Upgraded);

/// <summary>A deployment on its way to a switch.</summary>
/// <param name="Kind">deploy, rollback, restart or start.</param>
/// <param name="Step">accepted, fetching, preparing, starting, probing or warming.</param>
/// <param name="Release">The release's number, once it has one.</param>
/// <param name="Since">When it began.</param>
internal sealed record RunningDeploymentReport(string Kind, string Step, int? Release, DateTimeOffset Since);
