namespace BlueGreen.Faults.Jobs;

/// <summary>When something is killed.</summary>
public enum KillMoment
{
    /// <summary>Between two deployments.</summary>
    Idle,

    /// <summary>The old job has ended; the new one may be about to begin.</summary>
    Handover,

    /// <summary>At any moment of a deployment.</summary>
    During,
}
