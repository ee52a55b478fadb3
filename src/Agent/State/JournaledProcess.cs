namespace BlueGreen.Agent.State;

/// <summary>A process that takes no requests, told apart from a later one with the same pid by its start time and boot.</summary>
internal sealed record JournaledProcess(string Id, string Type, int Release, long Generation, int Pid, long StartTicks, string BootId)
{
    /// <summary>How often it was started again after it died.</summary>
    public int Restarts { get; init; }
}
