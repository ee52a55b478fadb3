namespace BlueGreen.Agent.State;

/// <summary>A deployment as it was when it was last written down.</summary>
internal sealed record JournaledDeployment(string Kind, string Step, int? Release, DateTimeOffset StartedAt);
