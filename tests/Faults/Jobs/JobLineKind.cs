namespace BlueGreen.Faults.Jobs;

/// <summary>What a line of a job's file says.</summary>
public enum JobLineKind
{
    /// <summary>The job begins.</summary>
    Begin,

    /// <summary>It runs.</summary>
    Tick,

    /// <summary>It has ended as it was told to.</summary>
    End,

    /// <summary>It has begun although the lock that only one job can have is another's.</summary>
    Clash,

    /// <summary>The worker was told to be standby; no job.</summary>
    Standby,

    /// <summary>The worker was told to be active, not to lead.</summary>
    Active,

    /// <summary>The worker was told to lead.</summary>
    Leader,

    /// <summary>The worker was told to be draining.</summary>
    Draining,
}
