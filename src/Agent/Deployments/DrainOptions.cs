namespace BlueGreen.Agent.Deployments;

/// <summary>How long the workers of a replaced release may take to finish what they have.</summary>
internal sealed record DrainOptions
{
    /// <summary>After this an ordinary request that still runs is cut. Default 30 s; zero cuts at once.</summary>
    public TimeSpan Requests { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this a stream or an upgraded connection that still runs is cut. Default 60 s; zero cuts at once.</summary>
    public TimeSpan Streams { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time between SIGTERM and SIGKILL. Default 10 s; zero kills at once.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(10);
}
