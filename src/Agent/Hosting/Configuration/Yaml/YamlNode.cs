namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>
/// A part of a YAML document that knows where it stands; aliases and merge keys are resolved. One of <see cref="YamlScalar"/>,
/// <see cref="YamlList"/>, <see cref="YamlMap"/> and <see cref="YamlInvalid"/>.
/// </summary>
internal abstract record YamlNode(YamlPosition Position);
