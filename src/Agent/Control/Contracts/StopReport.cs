namespace BlueGreen.Agent.Control.Contracts;

/// <summary>The front has begun to stop.</summary>
/// <param name="Pid">Its process id; it is stopped when that process has ended.</param>
internal sealed record StopReport(int Pid);
