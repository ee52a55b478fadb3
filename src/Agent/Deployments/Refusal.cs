namespace BlueGreen.Agent.Deployments;

/// <summary>Why a deployment was not begun, in one line for people.</summary>
internal sealed record Refusal(string Reason);
