using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of values that come in any number.</summary>
internal static class ListReaders
{
    /// <summary>A list; a single item may stand without brackets. Each item is checked against those before it.</summary>
    /// <param name="readItem">Reads one item.</param>
    /// <param name="findConflict">Why the second of two items cannot follow the first, in one line; null when it can.</param>
    public static ValueReader<IReadOnlyList<T>> Of<T>(ValueReader<T> readItem, Func<T, T, string?> findConflict) => value =>
    {
        var items = new List<T>();
        foreach (var node in value.Node is YamlList list ? list.Items : [value.Node])
        {
            var one = value.Item(node);
            if (!readItem(one).TryGet(out var item))
            {
                continue;
            }

            if (items.Select(earlier => findConflict(earlier, item)).FirstOrDefault(found => found is not null) is { } conflict)
            {
                one.Report(conflict);
            }

            items.Add(item);
        }

        return ReadResult<IReadOnlyList<T>>.Of(items);
    };
}
