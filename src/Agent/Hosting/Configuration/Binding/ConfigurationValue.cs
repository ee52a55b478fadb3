using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>A value of the file on its way into an option.</summary>
/// <param name="Node">What was written.</param>
/// <param name="Place">Its keys from the root, as in <c>apps.web.health</c>; empty for the root itself.</param>
/// <param name="Reading">Takes the errors.</param>
internal sealed record ConfigurationValue(YamlNode Node, string Place, ConfigurationReading Reading)
{
    private const int LongestQuote = 40;

    /// <summary>Nothing is written here (or <c>~</c>), so the default applies.</summary>
    public bool IsNull => Node is YamlScalar { IsNull: true };

    /// <summary>The value of one of this map's keys.</summary>
    public ConfigurationValue Child(YamlEntry entry) =>
        new(entry.Value, Place.Length == 0 ? entry.Key : $"{Place}.{entry.Key}", Reading);

    /// <summary>An item of this list; it goes by the list's name, its position tells which.</summary>
    public ConfigurationValue Item(YamlNode item) => this with { Node = item };

    /// <summary>Notes an error of this value.</summary>
    public void Report(string problem) =>
        Reading.Report(Node.Position, Place.Length == 0 ? problem : $"{Place}: {problem}");

    /// <summary>Notes an error of this value, which ends reading it.</summary>
    public ReadResult<T> Fail<T>(string problem)
    {
        Report(problem);
        return ReadResult<T>.Reported;
    }

    /// <summary>Notes that something of another kind was expected, unless an error is noted for this value already.</summary>
    public void ReportUnexpected(string expected)
    {
        if (Node is not YamlInvalid)
        {
            Report($"expected {expected}, found {Describe()}");
        }
    }

    /// <summary>The text of a single value, as written. Otherwise false, and reported.</summary>
    public bool TryGetText(string expected, [NotNullWhen(true)] out string? text)
    {
        text = Node is YamlScalar { IsNull: false } scalar ? scalar.Text : null;
        if (text is null)
        {
            ReportUnexpected(expected);
        }

        return text is not null;
    }

    /// <summary>The entries of a map, each key once. False for nothing, and for anything else, which is reported.</summary>
    public bool TryGetEntries(string expected, out IReadOnlyList<YamlEntry> entries)
    {
        entries = Node is YamlMap map ? WithoutDuplicates(map.Entries) : [];
        if (Node is not YamlMap && !IsNull)
        {
            ReportUnexpected(expected);
        }

        return Node is YamlMap;
    }

    private List<YamlEntry> WithoutDuplicates(IReadOnlyList<YamlEntry> entries)
    {
        var firsts = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!firsts.TryAdd(entry.Key, entry))
            {
                var first = firsts[entry.Key].Position;
                Reading.Report(entry.Position, string.Create(
                    CultureInfo.InvariantCulture,
                    $"duplicate key '{entry.Key}'{InPlace}, first given at line {first.Line}, column {first.Column}"));
            }
        }

        return [.. entries.Where(entry => ReferenceEquals(firsts[entry.Key], entry))];
    }

    /// <summary><c> in apps.web</c>, or nothing at the root.</summary>
    public string InPlace => Place.Length == 0 ? "" : $" in {Place}";

    private string Describe() => Node switch
    {
        YamlMap => "a map",
        YamlList => "a list",
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar { Text.Length: > LongestQuote } scalar => $"'{scalar.Text[..LongestQuote]}...'",
        YamlScalar { IsPlain: false } scalar => $"the text '{scalar.Text}'",
        YamlScalar scalar => $"'{scalar.Text}'",
        _ => "something unreadable",
    };
}
