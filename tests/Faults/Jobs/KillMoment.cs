namespace BlueGreen.Faults.Jobs;

/// <summary>When something is killed.</summary>
public enum KillMoment
{
    /// <summary>Between two deployments.</summary>
    Idle,

    /// <summary>For the front: the old job has ended. For the job: the new one has begun.</summary>
    Handover,

    /// <summary>At any moment of a deployment.</summary>
    During,
}
