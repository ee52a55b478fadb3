namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>Keys with values (YAML: a mapping), in the order written, duplicates too; merged ones come last.</summary>
internal sealed record YamlMap(YamlPosition Position, IReadOnlyList<YamlEntry> Entries) : YamlNode(Position);
