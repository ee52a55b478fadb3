namespace BlueGreen.Load;

/// <summary>What a load does, for how long, and how patient it is.</summary>
public sealed record LoadOptions
{
    /// <summary>Where the requests go: an <c>http</c> address with path and query.</summary>
    public required Uri Target { get; init; }

    /// <summary>Connections used at the same time. Default 10; at least 1.</summary>
    public int Connections { get; init; } = 10;

    /// <summary>How long new requests are started. Null (the default): until the load is stopped.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Requests sent in all, over every connection. Null (the default): no limit.</summary>
    public long? Count { get; init; }

    /// <summary>Whether a connection serves one request or all of them. Default <see cref="ConnectionUse.Kept"/>.</summary>
    public ConnectionUse Use { get; init; } = ConnectionUse.Kept;

    /// <summary>How long one request may take, its connecting included, before it counts as failed. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Time at the start whose requests do not count in <see cref="LoadReport.Latencies"/>, since the client's own first
    /// requests are slow too; everything else about them counts. Default none.
    /// </summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Whether the report holds every single answer with its release and times (24 bytes each). Default true; a load that runs
    /// for hours turns it off.
    /// </summary>
    public bool KeepAnswers { get; init; } = true;

    /// <summary>Failures kept with their details. Default 10; further ones are only counted.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>Header fields sent with every request; a <c>Host</c> here replaces that of <see cref="Target"/>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Refuses values no load can run with.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Check()
    {
        if (!Target.IsAbsoluteUri || Target.Scheme != Uri.UriSchemeHttp)
            throw new ArgumentException($"{Target} is not an http:// address.");
        if (Connections < 1)
            throw new ArgumentException($"{Connections} connections: at least 1 is needed.");
        if (Count < 1)
            throw new ArgumentException($"A count of {Count}: at least 1 request is needed.");
        if (Duration <= TimeSpan.Zero || Timeout <= TimeSpan.Zero)
            throw new ArgumentException("A duration and a timeout must be longer than zero.");
    }
}
