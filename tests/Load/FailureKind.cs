namespace BlueGreen.Load;

/// <summary>What went wrong with a request. Each failed request has exactly one kind.</summary>
public enum FailureKind
{
    /// <summary>Nobody listens: the connection was refused.</summary>
    Refused,

    /// <summary>The connection could not be made for another reason.</summary>
    ConnectFailed,

    /// <summary>The server closed the connection before the first byte of an answer, also while the connection was idle.</summary>
    Closed,

    /// <summary>The server reset the connection.</summary>
    Reset,

    /// <summary>The server closed the connection within an answer.</summary>
    Truncated,

    /// <summary>The answer breaks the grammar of HTTP/1.1 (RFC 9112).</summary>
    Malformed,

    /// <summary>The answer was whole, its status not 2xx.</summary>
    BadStatus,

    /// <summary>The answer was whole and 2xx, but ends a connection that was to be kept.</summary>
    CloseAnnounced,

    /// <summary>Bytes came that no request asked for, such as a second answer.</summary>
    Surplus,

    /// <summary>The answer was not whole in time.</summary>
    TimedOut,
}
