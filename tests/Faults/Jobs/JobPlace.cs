namespace BlueGreen.Faults.Jobs;

/// <summary>Where what must run once runs.</summary>
public enum JobPlace
{
    /// <summary>There is no such thing.</summary>
    Nowhere,

    /// <summary>In a process of its own beside the workers.</summary>
    Cron,

    /// <summary>In the worker that leads.</summary>
    Workers,
}
