namespace BlueGreen.Faults.Jobs;

/// <summary>What is wrong with a release that must not be switched to.</summary>
public enum BadRelease
{
    /// <summary>Its workers never get healthy.</summary>
    NeverHealthy,

    /// <summary>Its workers end at once.</summary>
    Exits,

    /// <summary>Its release phase fails.</summary>
    Refused,

    /// <summary>Its workers take no notice of being told to lead.</summary>
    Deaf,

    /// <summary>Its workers lead when they are told to, and do not acknowledge it.</summary>
    Mute,
}
