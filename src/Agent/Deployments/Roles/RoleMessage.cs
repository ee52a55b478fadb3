using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>What a worker is told, as JSON by POST or in its file.</summary>
/// <param name="Role">What it is from now on.</param>
/// <param name="Generation">
/// Grows with each message that tells something new, and so with each leader. A worker ignores a message with a lower one than it has seen;
/// whoever takes the leader's word, such as a database, refuses lower ones too.
/// </param>
/// <param name="Release">The number of its release.</param>
/// <param name="Leader">Whether it is the one worker of its app that runs what must run once.</param>
internal sealed record RoleMessage(WorkerRole Role, long Generation, int Release, bool Leader)
{
    /// <summary>The JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RoleJson.Default.RoleMessage);

    /// <summary>For people: "active as the leader", "draining".</summary>
    [JsonIgnore]
    public string Description => $"{Role.ToString().ToLowerInvariant()}{(Leader ? " as the leader" : "")}";
}

/// <summary>The JSON form of what workers are told.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RoleMessage))]
internal sealed partial class RoleJson : JsonSerializerContext;
