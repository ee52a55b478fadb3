using System.Collections;
using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>
/// The keys of one map of the file, declared one a line: its name, how its value is read, where it goes. Enumerating it gives
/// the keys, those of nested sections as <c>health.path</c>.
/// </summary>
/// <typeparam name="T">The options record the map fills.</typeparam>
/// <param name="check">
/// Looks at values that must fit together, once all are read without error; it gets those the file gives, by key.
/// </param>
internal sealed class Section<T>(Action<T, IReadOnlyDictionary<string, ConfigurationValue>>? check = null) : IEnumerable<string>
{
    private readonly Dictionary<string, Func<T, ConfigurationValue, T>> _fields = [];
    private readonly List<string> _keys = [];

    /// <summary>Declares a key with a value.</summary>
    /// <param name="name">The key.</param>
    /// <param name="reader">Reads its value.</param>
    /// <param name="set">Puts it into the options.</param>
    /// <param name="nestedKeys">Keys below it, for a reader that reads a map.</param>
    public void Add<TValue>(
        string name, ValueReader<TValue> reader, Func<T, TValue, T> set, IEnumerable<string>? nestedKeys = null)
    {
        _fields.Add(name, (options, value) => reader(value).TryGet(out var result) ? set(options, result) : options);
        AddKeys(name, nestedKeys ?? []);
    }

    /// <summary>Declares a key with a map below it.</summary>
    public void Add<TInner>(string name, Section<TInner> inner, Func<T, TInner> get, Func<T, TInner, T> set)
    {
        _fields.Add(name, (options, value) => set(options, inner.Read(value, get(options))));
        AddKeys(name, inner);
    }

    /// <summary>Fills the options from a map; what it does not give, or gives wrongly, stays as it is.</summary>
    public T Read(ConfigurationValue value, T options)
    {
        var given = new Dictionary<string, ConfigurationValue>();
        var errorsBefore = value.Reading.ErrorCount;
        if (!value.TryGetEntries($"a map with {Names.List(_fields.Keys)}", out var entries))
        {
            return options;
        }

        foreach (var entry in entries)
        {
            var child = value.Child(entry);
            if (!_fields.TryGetValue(entry.Key, out var read))
            {
                ReportUnknown(value, entry);
            }
            else if (!child.IsNull)
            {
                options = read(options, child);
                given.Add(entry.Key, child);
            }
        }

        if (value.Reading.ErrorCount == errorsBefore)
        {
            check?.Invoke(options, given);
        }

        return options;
    }

    /// <inheritdoc />
    public IEnumerator<string> GetEnumerator() => _keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void AddKeys(string name, IEnumerable<string> nested) =>
        _keys.AddRange([name, .. nested.Select(key => $"{name}.{key}")]);

    private void ReportUnknown(ConfigurationValue map, YamlEntry entry)
    {
        var suggestion = Names.Suggest(entry.Key, _fields.Keys, "the keys are");
        map.Reading.Report(entry.Position, $"unknown key '{entry.Key}'{map.InPlace}; {suggestion}");
    }
}
