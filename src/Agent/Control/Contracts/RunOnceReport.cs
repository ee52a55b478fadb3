namespace BlueGreen.Agent.Control.Contracts;

/// <summary>Something that somebody runs once.</summary>
/// <param name="Id">APP.RELEASE.once+N.</param>
/// <param name="Release">The number of the release it is run from.</param>
/// <param name="Process">Its process type; null: none.</param>
/// <param name="Command">Its command line.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="Since">When it began.</param>
/// <param name="By">Who began it.</param>
internal sealed record RunOnceReport(string Id, int Release, string? Process, string Command, int Pid, DateTimeOffset Since, ActorReport? By);
