using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>Reads <c>processes</c>: a map from process types to what is said of them.</summary>
internal static class ProcessesReader
{
    /// <summary>The keys below <c>processes</c>, as in <c>TYPE.instances</c>.</summary>
    public static IEnumerable<string> Keys => ProcessTypeSection.Keys;

    /// <summary>The types by name.</summary>
    public static ValueReader<IReadOnlyDictionary<string, ProcessTypeOptions>> Types { get; } = value =>
    {
        var types = new Dictionary<string, ProcessTypeOptions>(StringComparer.Ordinal);
        value.TryGetEntries("a map from process types to commands", out var entries);
        foreach (var entry in entries)
        {
            if (!AppName.IsValid(entry.Key))
            {
                value.Reading.Report(entry.Position, $"'{entry.Key}' is not a name for a process type: {AppName.Rule}");
            }
            else if (ProcessTypeSection.Read(entry.Key, value.Child(entry)).TryGet(out var options))
            {
                types.Add(entry.Key, options);
            }
        }

        return ReadResult<IReadOnlyDictionary<string, ProcessTypeOptions>>.Of(types);
    };
}
