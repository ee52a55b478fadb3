namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>
/// Stands where a value could not be understood. Its error is already reported, so readers pass over it in silence.
/// </summary>
internal sealed record YamlInvalid(YamlPosition Position) : YamlNode(Position);
