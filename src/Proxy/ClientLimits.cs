namespace BlueGreen.Proxy;

/// <summary>
/// What a client may cost: how long it may be silent, how slowly it may send or read, and how many there may be. Bodies may be as large
/// as they like; that is for the app to say. Times are kept to about a second.
/// </summary>
public sealed record ClientLimits
{
    /// <summary>
    /// Connections that may be open at once; a further one is closed as soon as it is accepted. At least 1. Default null: as many as
    /// the process has file descriptors for (RLIMIT_NOFILE), two for each, since a client's request needs a connection to a worker
    /// too, after some for everything else.
    /// </summary>
    public int? Connections { get; init; }

    /// <summary>
    /// From a connection's beginning until it has said enough to tell its protocol, with TLS until its handshake is complete, and from a request's first byte until its head is
    /// complete; then HTTP/1.1 is answered 408 and the connection closed. Default 30 s, Kestrel's own; more than zero.
    /// </summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a connection without a request stays open. Default 130 s, Kestrel's own: longer than the 120 s of common load balancers
    /// and proxies before a front, which must be the first to close; more than zero.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>
    /// Bytes a second, on average, that the body of a request must bring while a worker waits for it; one that stays below is answered
    /// 408 and its connection closed. Default 240, Kestrel's own; 0: no minimum. Not for what pauses by its nature: gRPC (as grpc-dotnet
    /// lifts it from its calls), WebSockets and other upgraded connections.
    /// </summary>
    public int RequestRate { get; init; } = 240;

    /// <summary>
    /// Bytes a second, on average, that a client must read of what there is to read; one that stays below is disconnected. A pause
    /// in the answer itself does not count. Default 240, Kestrel's own; 0: no minimum.
    /// </summary>
    public int ResponseRate { get; init; } = 240;

    /// <summary>How long a body or an answer may be slower than its rate. Default 5 s, Kestrel's own; more than 1 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);
}
