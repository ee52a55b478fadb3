using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Control.Contracts;

/// <summary>The JSON form of everything said over the control socket and printed by <c>--json</c>: compact, one object a line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeployOrder))]
[JsonSerializable(typeof(RollbackOrder))]
[JsonSerializable(typeof(DeploymentEvent))]
[JsonSerializable(typeof(RunOnceOrder))]
[JsonSerializable(typeof(RunOnceEvent))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(IReadOnlyList<StoredReleaseReport>))]
[JsonSerializable(typeof(DeploymentRecord))]
[JsonSerializable(typeof(IReadOnlyList<DeploymentRecord>))]
[JsonSerializable(typeof(ReleaseReport))]
[JsonSerializable(typeof(PruneOrder))]
[JsonSerializable(typeof(PruneReport))]
[JsonSerializable(typeof(ReloadReport))]
[JsonSerializable(typeof(StopReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(ScaleOrder))]
[JsonSerializable(typeof(ScaleReport))]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>As <see cref="Default"/>, but readable where it is printed: '+' stays '+', events leave out what does not apply.</summary>
    public static ControlJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
