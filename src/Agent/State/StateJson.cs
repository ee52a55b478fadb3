using System.Text.Json.Serialization;

namespace BlueGreen.Agent.State;

/// <summary>The JSON form of the state.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(FrontState))]
internal sealed partial class StateJson : JsonSerializerContext;
