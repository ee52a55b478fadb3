using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments.OneOffs;

/// <summary>How something that somebody ran once has ended.</summary>
/// <param name="Exit">By itself; null: it was ended.</param>
/// <param name="Reason">Why it was ended: timeout, interrupted, stopping (the front, or the app) or error.</param>
internal sealed record RunOnceEnd(WorkerExit? Exit, string? Reason)
{
    /// <summary>Its time was over.</summary>
    public const string Timeout = "timeout";

    /// <summary>Whoever began it gave it up.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The front stops, or its app was removed.</summary>
    public const string Stopping = "stopping";

    /// <summary>A mistake of the front's.</summary>
    public const string Error = "error";

    /// <summary>For people.</summary>
    public string Description => Exit is { } exit ? $"{exit.Description} after {exit.After.TotalSeconds:0.00} s" : $"ended ({Reason})";
}
