namespace BlueGreen.Agent.Deployments;

/// <summary>The steps of a deployment. Before <see cref="Switched"/> a failure leaves traffic untouched.</summary>
internal enum DeploymentState
{
    /// <summary>Accepted, nothing done.</summary>
    Accepted,

    /// <summary>Its source is copied into the store.</summary>
    Fetching,

    /// <summary>How to start it is found out.</summary>
    Preparing,

    /// <summary>Its preflight, or the hook before it, is asked; only where there are such.</summary>
    Checking,

    /// <summary>Its release phase, such as migrations, is run; only where it has one.</summary>
    Releasing,

    /// <summary>Its workers are launched.</summary>
    Starting,

    /// <summary>Its workers are asked whether they can serve.</summary>
    Probing,

    /// <summary>Its workers are warmed up, then get a growing share of the requests; only where such is configured.</summary>
    Warming,

    /// <summary>Its workers are told that they are active, one of them that it leads; only where roles are configured.</summary>
    HandingOver,

    /// <summary>New requests go to it: the point of no return.</summary>
    Switched,

    /// <summary>The replaced release finishes what it has.</summary>
    Draining,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>It failed its probation while the replaced release still drained, and the app went back to that.</summary>
    RolledBack,

    /// <summary>Discarded before the switch.</summary>
    Failed,
}
