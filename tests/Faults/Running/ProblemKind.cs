namespace BlueGreen.Faults.Running;

/// <summary>What can be wrong after a fault, besides lost requests.</summary>
public enum ProblemKind
{
    /// <summary>Another release serves, or has served, than the one that should.</summary>
    WrongRelease,

    /// <summary>There are worker processes that should not be there, or too few, or zombies.</summary>
    Orphans,

    /// <summary>The restarted front has not taken over the worker that served.</summary>
    NotAdopted,

    /// <summary>It did not come to rest, or a command did not end as it should.</summary>
    Unsettled,

    /// <summary>The next deploy did not work.</summary>
    NextDeploy,
}
