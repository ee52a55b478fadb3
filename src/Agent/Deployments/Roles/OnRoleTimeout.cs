namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>What becomes of a deployment when a worker does not acknowledge its role.</summary>
internal enum OnRoleTimeout
{
    /// <summary>It fails before traffic moves, and the old leader leads again.</summary>
    Fail,

    /// <summary>It goes on as if the worker had acknowledged; then two may believe that they lead, and the generation has to tell them apart.</summary>
    Continue,
}
