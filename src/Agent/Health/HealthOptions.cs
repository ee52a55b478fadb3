namespace BlueGreen.Agent.Health;

/// <summary>How a worker proves that it can serve.</summary>
internal sealed record HealthOptions
{
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The path asked with GET; any 2xx is a pass. Null (the default) asks <c>/healthz</c>, and <c>/</c> where that answers 404.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Time between two checks of a worker that serves. Default 1 s; more than zero.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one check may take. Default 5 s; more than zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Passes in a row that make a worker healthy. Default 2; from 1 to 100.</summary>
    public int Passes { get; init; } = 2;

    /// <summary>Failed checks in a row that make a worker that serves unhealthy. Default 3; from 1 to 100.</summary>
    public int Failures { get; init; } = 3;

    /// <summary>How long a new worker has until it is healthy. Default 60 s; more than zero.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The same for a worker that has been running for a while and only has to show that it still serves: it has the time of two checks,
    /// at least 5 s, not that of a start, since requests may be waiting.
    /// </summary>
    public HealthOptions ForRunning()
    {
        // Where the machine is so busy that a front had to start anew, the first checks are slow.
        var patience = Timeout * 2 > ShortestPatience ? Timeout * 2 : ShortestPatience;
        return patience < Deadline ? this with { Deadline = patience } : this;
    }
}
