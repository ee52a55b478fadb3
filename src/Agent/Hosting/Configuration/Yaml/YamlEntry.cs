namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>One key of a map with its value.</summary>
/// <param name="Key">The key's text.</param>
/// <param name="Position">Where the key stands.</param>
/// <param name="Value">What belongs to it.</param>
internal sealed record YamlEntry(string Key, YamlPosition Position, YamlNode Value);
