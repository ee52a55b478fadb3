namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>A configuration file cannot be used. The message is one line for each error, ready to print.</summary>
internal sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join('\n', errors))
{
    /// <summary>Every error found, in order of position. At least one.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
