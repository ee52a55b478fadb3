namespace BlueGreen.Agent.State;

/// <summary>The state could not be written, or is not this version's to read. The message is one line for the user.</summary>
internal sealed class StateException(string message, Exception? inner = null) : Exception(message, inner);
