namespace BlueGreen.Agent.Control.Contracts;

/// <summary>The worker of an app that runs what must run once.</summary>
/// <param name="Worker">Its id.</param>
/// <param name="Generation">The number of its leadership: those before it have lower ones.</param>
internal sealed record LeaderReport(string Worker, long Generation);
