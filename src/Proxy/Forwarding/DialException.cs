namespace BlueGreen.Proxy.Forwarding;

/// <summary>No connection to a worker came about: not a byte of the request was sent to it.</summary>
internal sealed class DialException(Exception cause) : IOException(cause.Message, cause);
