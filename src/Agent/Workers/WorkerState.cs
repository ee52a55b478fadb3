namespace BlueGreen.Agent.Workers;

/// <summary>Where a worker is in its life.</summary>
internal enum WorkerState
{
    /// <summary>Launched, not yet healthy.</summary>
    Starting,

    /// <summary>Passed its health gate.</summary>
    Healthy,

    /// <summary>Failed too many checks in a row since.</summary>
    Unhealthy,

    /// <summary>Told to stop.</summary>
    Stopping,

    /// <summary>Its process has ended.</summary>
    Exited,
}
