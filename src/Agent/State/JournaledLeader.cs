namespace BlueGreen.Agent.State;

/// <summary>The worker of an app that leads, or may believe that it does.</summary>
/// <param name="Worker">Its id.</param>
/// <param name="Generation">The generation of its leadership.</param>
internal sealed record JournaledLeader(string Worker, long Generation);
