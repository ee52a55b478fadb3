namespace BlueGreen.Agent.Control.Contracts;

/// <summary>A process that takes no requests.</summary>
/// <param name="Id">APP.RELEASE.TYPE-N.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="Release">The number of its release.</param>
/// <param name="Generation">The number of its start: those started before it have lower ones.</param>
/// <param name="State">running, stopping or exited.</param>
/// <param name="Since">When it was started.</param>
/// <param name="Restarts">How often it was started again after it died.</param>
internal sealed record ProcessReport(string Id, int Pid, int Release, long Generation, string State, DateTimeOffset Since, int Restarts);
