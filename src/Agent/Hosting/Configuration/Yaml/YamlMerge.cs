namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>Merge keys: <c>&lt;&lt;: *other</c> or <c>&lt;&lt;: [*one, *other]</c> (yaml.org/type/merge.html).</summary>
internal static class YamlMerge
{
    /// <summary>The entries to add to a map: those whose key it does not have yet; of several maps the first one wins.</summary>
    public static IReadOnlyList<YamlEntry> Missing(
        IReadOnlyList<YamlEntry> own, IReadOnlyList<YamlNode> sources, Action<YamlPosition, string> report)
    {
        var keys = own.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        var added = new List<YamlEntry>();
        foreach (var source in sources)
        {
            if (source is YamlMap map)
            {
                added.AddRange(map.Entries.Where(entry => keys.Add(entry.Key)));
            }
            else if (source is not YamlInvalid)
            {
                report(source.Position, "'<<' takes a map, or a list of maps, to merge in");
            }
        }

        return added;
    }
}
