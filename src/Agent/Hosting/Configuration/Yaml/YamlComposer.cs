using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>
/// Builds nodes from the parser's events. It is stricter than a general YAML reader where a configuration gains by it: one
/// document, text keys, no tags but YAML's own, bounded nesting. Anchors, aliases and merge keys (<c>&lt;&lt;</c>) work.
/// </summary>
internal sealed class YamlComposer
{
    /// <summary>YAML's own tags (YAML 1.2, 10.3), which add nothing to values that are kept as written.</summary>
    private static readonly HashSet<string> OwnTags =
        [.. new[] { "str", "int", "float", "bool", "null", "map", "seq" }.Select(name => $"tag:yaml.org,2002:{name}")];

    private readonly GuardedParser _parser;
    private readonly Action<YamlPosition, string> _report;
    private readonly Dictionary<AnchorName, YamlNode> _anchors = [];

    private YamlComposer(string text, Action<YamlPosition, string> report)
    {
        _parser = new GuardedParser(text);
        _report = report;
    }

    /// <summary>
    /// The document's root; a null scalar for an empty document, <see cref="YamlInvalid"/> after a syntax error.
    /// </summary>
    /// <param name="text">The whole document.</param>
    /// <param name="report">Called for each error, with its position and one line.</param>
    public static YamlNode Compose(string text, Action<YamlPosition, string> report)
    {
        if (YamlCharacters.FindForbidden(text) is var (at, problem))
        {
            report(at, problem);
            return new YamlInvalid(at);
        }

        try
        {
            return new YamlComposer(text, report).ReadDocument();
        }
        catch (YamlException e)
        {
            var (position, message) = YamlSyntax.Explain(e, text);
            report(position, message);
            return new YamlInvalid(position);
        }
    }

    private YamlNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return new YamlScalar(new YamlPosition(1, 1), "", IsPlain: true);
        }

        var root = ReadNode();
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            const string problem = "a second document begins here: only one is read, so remove the '---' or what follows it";
            _report(YamlPosition.Of(second.Start), problem);
        }

        return root;
    }

    private YamlNode ReadNode()
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Resolve(alias);
        }

        if (!_parser.Accept<NodeEvent>(out var start))
        {
            // YamlDotNet 18 ends some damaged maps between a key and its value.
            var here = _parser.Current!;
            throw new YamlException(here.Start, here.End, GuardedParser.NoSense);
        }

        var position = YamlPosition.Of(start.Start);
        var node = ReadContent(position);
        if (HasForeignTag(start))
        {
            node = Invalid(position, "tags such as '!name' are not supported: quote the value if the '!' belongs to it");
        }

        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = node;
        }

        return node;
    }

    private YamlNode ReadContent(YamlPosition position)
    {
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlScalar(position, scalar.Value, scalar.Style == ScalarStyle.Plain && HasNoTag(scalar));
        }

        return _parser.TryConsume<SequenceStart>(out _) ? ReadList(position) : ReadMap(position);
    }

    private YamlList ReadList(YamlPosition position)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode());
        }

        return new YamlList(position, items);
    }

    private YamlMap ReadMap(YamlPosition position)
    {
        _parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var merged = new List<YamlNode>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode();
            var value = ReadNode();
            switch (key)
            {
                case YamlScalar { IsPlain: true, Text: "<<" }:
                    merged.AddRange(value is YamlList list ? list.Items : [value]);
                    break;
                case YamlScalar text:
                    entries.Add(new YamlEntry(text.Text, text.Position, value));
                    break;
                case YamlList or YamlMap:
                    _report(key.Position, "a key must be a single word or text");
                    break;
            }
        }

        return new YamlMap(position, [.. entries, .. YamlMerge.Missing(entries, merged, _report)]);
    }

    private YamlNode Resolve(AnchorAlias alias)
    {
        var position = YamlPosition.Of(alias.Start);
        // The name is not repeated: it may be an unquoted password that begins with a '*'.
        return _anchors.TryGetValue(alias.Value, out var node)
            ? node
            : Invalid(
                position, "'*' refers to an anchor '&', and none above has this name: quote the value if the '*' belongs to it");
    }

    private YamlInvalid Invalid(YamlPosition position, string problem)
    {
        _report(position, problem);
        return new YamlInvalid(position);
    }

    private static bool HasNoTag(NodeEvent node) => node.Tag.IsEmpty || node.Tag.IsNonSpecific;

    private static bool HasForeignTag(NodeEvent node) => !HasNoTag(node) && !OwnTags.Contains(node.Tag.Value);
}
