namespace BlueGreen.Agent.Workers.Limits;

/// <summary>A process cannot be given its limits here; nothing was started. The message is one line: which, why, what to do.</summary>
internal sealed class LimitsException(string message, Exception? inner = null) : IOException(message, inner);
