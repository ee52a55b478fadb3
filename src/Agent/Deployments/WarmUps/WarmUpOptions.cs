namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>What a new worker is asked before it gets requests. Without requests and replay: nothing.</summary>
internal sealed record WarmUpOptions
{
    /// <summary>The requests. Default none.</summary>
    public IReadOnlyList<WarmUpRequest> Requests { get; init; } = [];

    /// <summary>Requests at once, each on a connection of its own that is kept. Default 4; from 1 to 100.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>How often each request is sent. Default 20; from 1 to 10000.</summary>
    public int Rounds { get; init; } = 20;

    /// <summary>How long it goes on at most, for each worker. Default 5 s; more than zero.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The statuses that are well. Default 2xx and 3xx: what is named to warm up has to be there, so a 404 is a mistake.</summary>
    public IReadOnlyList<StatusRange> Statuses { get; init; } = [StatusRange.OfClass(2), StatusRange.OfClass(3)];

    /// <summary>The Host of the requests. Null (the default): the app's first host that is no pattern, else localhost.</summary>
    public string? Host { get; init; }

    /// <summary>How many of the paths that were asked for most lately are sent too. Default 0: none is, and none is remembered; at most 1000.</summary>
    public int Replay { get; init; }

    /// <summary>Whether the query of such a path is remembered and sent, as it was. Default false: it may hold what is nobody's business.</summary>
    public bool ReplayQueries { get; init; }
}
