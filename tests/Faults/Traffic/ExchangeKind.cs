namespace BlueGreen.Faults.Traffic;

/// <summary>The kinds of requests of a mixed load.</summary>
public enum ExchangeKind
{
    /// <summary>A GET that is answered at once.</summary>
    Get,

    /// <summary>A GET whose answer takes a while and then comes whole.</summary>
    SlowGet,

    /// <summary>A POST of an id that the worker writes down.</summary>
    Post,

    /// <summary>A GET whose answer comes in pieces.</summary>
    Stream,

    /// <summary>A WebSocket from its handshake to its close.</summary>
    WebSocket,
}
