namespace BlueGreen.Proxy.Upstreams;

/// <summary>What an exchange in flight is; each kind has a drain deadline that fits it.</summary>
public enum RequestKind
{
    /// <summary>An ordinary request and its answer.</summary>
    Request,

    /// <summary>An answer without an expected end: server-sent events, gRPC.</summary>
    Stream,

    /// <summary>A connection that left HTTP behind with 101: a WebSocket, say.</summary>
    Upgraded,
}
