namespace BlueGreen.Agent.Deployments.Watching;

/// <summary>What came of a look at a source.</summary>
internal enum LookResult
{
    /// <summary>It has nothing new.</summary>
    Unchanged,

    /// <summary>It has something new that is still being written; it is left alone until it stays as it is.</summary>
    Settling,

    /// <summary>It had something new, which serves now.</summary>
    Deployed,

    /// <summary>It has something new that somebody has to deploy.</summary>
    Available,

    /// <summary>It had something new, whose deployment failed; it is not tried again until it changes.</summary>
    Refused,

    /// <summary>It could not be looked at or fetched; the next look tries again.</summary>
    Failed,
}
