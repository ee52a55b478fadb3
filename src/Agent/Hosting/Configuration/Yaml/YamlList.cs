namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>A list of values (YAML: a sequence).</summary>
internal sealed record YamlList(YamlPosition Position, IReadOnlyList<YamlNode> Items) : YamlNode(Position);
