using System.CommandLine;

namespace BlueGreen.Agent.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class ExampledCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Lines a user could type.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
