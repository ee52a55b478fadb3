using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Control.Contracts;

/// <summary>What a deployment took, in milliseconds; what it had not come to is left out.</summary>
internal sealed record DeploymentDurations
{
    /// <summary>Copying or fetching the source.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? FetchMs { get; init; }

    /// <summary>The preflight and the hook before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CheckMs { get; init; }

    /// <summary>From the workers' launch until the last of them passed its first check.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReadyMs { get; init; }

    /// <summary>From the beginning to the switch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SwitchMs { get; init; }

    /// <summary>From the switch until the replaced release had finished.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? DrainMs { get; init; }

    /// <summary>All of it.</summary>
    public required long TotalMs { get; init; }

    /// <summary>The release phase.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReleaseMs { get; init; }

    /// <summary>The warm-up and the slow start.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? WarmMs { get; init; }
}
