namespace BlueGreen.Agent.Control.Contracts;

/// <summary><c>status --json</c>. A promise: fields are added, never renamed.</summary>
/// <param name="Pid">The front's process id.</param>
/// <param name="Version">The front's version.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Listen">The addresses it listens on, with the ports that were bound.</param>
/// <param name="Apps">Its apps.</param>
internal sealed record StatusReport(
    int Pid, string Version, DateTimeOffset StartedAt, IReadOnlyList<string> Listen, IReadOnlyList<AppReport> Apps);
