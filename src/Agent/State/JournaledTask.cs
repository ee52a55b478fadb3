namespace BlueGreen.Agent.State;

/// <summary>A process that runs once, told apart from a later one with the same pid by its start time and boot.</summary>
internal sealed record JournaledTask(int Pid, long StartTicks, string BootId);
