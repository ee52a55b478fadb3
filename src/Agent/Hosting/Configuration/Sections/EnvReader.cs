using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>Reads <c>env</c>. Its values may be secrets, so no message ever holds one.</summary>
internal static class EnvReader
{
    /// <summary>Names and values; values as written, so <c>on</c>, <c>1.10</c> and <c>0755</c> stay what they are.</summary>
    public static ValueReader<IReadOnlyDictionary<string, string>> Variables { get; } = ReadVariables;

    private static ReadResult<IReadOnlyDictionary<string, string>> ReadVariables(ConfigurationValue value)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        if (value.Node is YamlScalar)
        {
            return value.Fail<IReadOnlyDictionary<string, string>>("expected a map from names to values, found a single value");
        }

        value.TryGetEntries("a map from names to values", out var entries);
        foreach (var entry in entries)
        {
            if (FindProblemOfName(entry.Key) is { } problem)
            {
                value.Reading.Report(entry.Position, $"{value.Place}: {problem}");
            }
            else if (TryGetValue(value.Child(entry), out var text))
            {
                read.Add(entry.Key, text);
            }
        }

        return ReadResult<IReadOnlyDictionary<string, string>>.Of(read);
    }

    private static string? FindProblemOfName(string name) =>
        name.Split('=') is [var before, _, ..] ? $"write '{before}: value' instead of '{before}=value'"
        : !EnvName.IsValid(name) ? $"'{name}' is not a name for a variable: letters, digits and '_', the first not a digit"
        : EnvName.IsSetByFront(name) ? $"the front sets {name} itself, for each worker: remove it"
        : null;

    private static bool TryGetValue(ConfigurationValue value, out string text)
    {
        text = value.Node is YamlScalar { IsNull: false } scalar ? scalar.Text : "";
        var problem = value.Node switch
        {
            YamlScalar { IsNull: true } => "has no value: write '' for an empty one",
            YamlScalar => text.Contains('\0') ? "must not contain a NUL character" : null,
            YamlList => "expected a single value, found a list",
            YamlMap => "expected a single value, found a map",
            _ => null,
        };
        if (problem is not null)
        {
            value.Report(problem);
        }

        return problem is null;
    }
}
