using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Hosting.Configuration.Sections;
using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Reads <c>bluegreen.yaml</c>. A file with any error gives no options at all, so a bad file changes nothing.</summary>
internal static class ConfigurationFile
{
    /// <summary>Reads and checks the file; relative paths in it are taken from its own folder.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read or has errors; all of them are listed.</exception>
    public static FrontOptions Read(string path) =>
        Parse(ConfigurationText.Read(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!);

    /// <summary>Checks a text that is already in memory.</summary>
    /// <param name="text">YAML; empty or only comments means all defaults.</param>
    /// <param name="file">The name that errors carry.</param>
    /// <param name="baseDirectory">An absolute folder that relative paths are taken from.</param>
    /// <exception cref="ConfigurationException">The text has errors; all of them are listed.</exception>
    public static FrontOptions Parse(string text, string file, string baseDirectory)
    {
        var reading = new ConfigurationReading(file, baseDirectory);
        var root = YamlComposer.Compose(text, reading.Report);
        var options = FrontSection.Section.Read(new ConfigurationValue(root, "", reading), new FrontOptions());
        return reading.ErrorCount > 0 ? throw new ConfigurationException(reading.Errors) : options;
    }
}
