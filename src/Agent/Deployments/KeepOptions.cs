namespace BlueGreen.Agent.Deployments;

/// <summary>What stays behind of releases that no longer serve.</summary>
internal sealed record KeepOptions
{
    /// <summary>
    /// Stored releases kept per app, the active one included; the live ones and the rollback target are kept besides.
    /// Default 5; at least 1.
    /// </summary>
    public int Releases { get; init; } = 5;

    /// <summary>How long the workers of the replaced release stay running after their drain, for an instant rollback. Default 0.</summary>
    public TimeSpan Warm { get; init; } = TimeSpan.Zero;
}
