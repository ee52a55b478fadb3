using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>One reading of one file: where it is, and every error found so far.</summary>
/// <param name="file">The name that errors carry.</param>
/// <param name="baseDirectory">An absolute folder that relative paths are taken from.</param>
internal sealed class ConfigurationReading(string file, string baseDirectory)
{
    // A set: a value that is used again through an alias or a merge would else report its error again.
    private readonly HashSet<ConfigurationError> _errors = [];

    /// <summary>Absolute.</summary>
    public string BaseDirectory { get; } = baseDirectory;

    /// <summary>How many errors were reported so far.</summary>
    public int ErrorCount => _errors.Count;

    /// <summary>What was reported, in order of position.</summary>
    public IReadOnlyList<ConfigurationError> Errors => [.. _errors.OrderBy(error => error.Line).ThenBy(error => error.Column)];

    /// <summary>Notes an error and lets the reading go on.</summary>
    public void Report(YamlPosition position, string message) =>
        _errors.Add(new ConfigurationError(file, position.Line, position.Column, message));
}
