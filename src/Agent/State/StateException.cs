namespace BlueGreen.Agent.State;

/// <summary>The state could not be written. The message is one line for the user.</summary>
internal sealed class StateException(string message, Exception inner) : Exception(message, inner);
