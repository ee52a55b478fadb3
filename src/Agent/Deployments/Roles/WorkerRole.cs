using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>What a worker is told to be.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WorkerRole>))]
internal enum WorkerRole
{
    /// <summary>It gets no requests yet, or is kept for a rollback.</summary>
    [JsonStringEnumMemberName("standby")]
    Standby,

    /// <summary>Its release gets the requests, or is about to.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>Another release gets them: it finishes what it has.</summary>
    [JsonStringEnumMemberName("draining")]
    Draining,
}
