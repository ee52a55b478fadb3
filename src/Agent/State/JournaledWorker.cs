namespace BlueGreen.Agent.State;

/// <summary>A worker process, told apart from a later one with the same pid by its start time and boot.</summary>
internal sealed record JournaledWorker(
    string Id, int Release, long Generation, int Pid, long StartTicks, string BootId, string Address)
{
    /// <summary>How often it was started again after it died.</summary>
    public int Restarts { get; init; }
}
