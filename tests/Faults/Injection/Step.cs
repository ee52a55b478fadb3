namespace BlueGreen.Faults.Injection;

/// <summary>When a fault is done: while a deployment is at this step.</summary>
public enum Step
{
    /// <summary>The release is being copied.</summary>
    Fetching,

    /// <summary>It becomes a release of the store.</summary>
    Preparing,

    /// <summary>Its release phase runs.</summary>
    Releasing,

    /// <summary>Its workers are being started.</summary>
    Starting,

    /// <summary>They are asked whether they are healthy.</summary>
    Probing,

    /// <summary>They are sent requests that nobody waits for.</summary>
    Warming,

    /// <summary>One of them gets the lead.</summary>
    HandingOver,

    /// <summary>The switch is written down; it is, or is about to be, done.</summary>
    Switched,

    /// <summary>The replaced release has requests in flight.</summary>
    Draining,

    /// <summary>There is no deployment.</summary>
    Idle,
}
