namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>Keys with values (YAML: a mapping), in the order written and with duplicates; merged ones follow at the end.</summary>
internal sealed record YamlMap(YamlPosition Position, IReadOnlyList<YamlEntry> Entries) : YamlNode(Position);
