using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// How descriptions are written as JSON. Generated at build time, so a front that starts needs no reflection for it.
/// </summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReleaseDescription))]
internal sealed partial class ReleaseJson : JsonSerializerContext;
