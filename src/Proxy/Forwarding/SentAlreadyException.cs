namespace BlueGreen.Proxy.Forwarding;

/// <summary>The client of a worker was about to send a request a second time.</summary>
internal sealed class SentAlreadyException() : IOException("The connection to the worker broke before it answered.");
