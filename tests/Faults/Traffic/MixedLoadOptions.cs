namespace BlueGreen.Faults.Traffic;

/// <summary>How many clients of each kind a mixed load has, and how hard they work.</summary>
public sealed record MixedLoadOptions
{
    /// <summary>Clients that GET, one kept connection each. Default 3.</summary>
    public int Gets { get; init; } = 3;

    /// <summary>Clients with a slow GET. Default 2.</summary>
    public int SlowGets { get; init; } = 2;

    /// <summary>Clients that POST. Default 2.</summary>
    public int Posts { get; init; } = 2;

    /// <summary>Clients that read a slow stream. Default 2.</summary>
    public int Streams { get; init; } = 2;

    /// <summary>Clients with a WebSocket. Default 2.</summary>
    public int WebSockets { get; init; } = 2;

    /// <summary>Time between a quick answer and the next request. Default 5 ms.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Pieces of a stream, and messages of a WebSocket. Default 6.</summary>
    public int Pieces { get; init; } = 6;

    /// <summary>
    /// Time between two of them, for the first client of a kind; more for each further one. All pauses together are also what a slow GET
    /// takes. Default 100 ms.
    /// </summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long one exchange may take at most. Default 20 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);
}
