using YamlDotNet.Core;

namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>Puts the parser's complaints into words of people who do not know its insides.</summary>
internal static class YamlSyntax
{
    private const string QuoteBrackets = "a value that holds one of [ ] { } , needs quotes";

    /// <summary>What the parser says, and the usual cause with its cure.</summary>
    private static readonly (string Complaint, string Advice)[] Advices =
    [
        (" tab ", "a tab indents this line: use spaces"),
        ("found invalid mapping", "a ':' does not fit here: check the indentation, or quote the value the ':' belongs to"),
        ("did not find expected ',' or ']'", $"expected ',' or ']' in a list: {QuoteBrackets}"),
        ("did not find expected ',' or '}'", $"expected ',' or '}}' in a map: {QuoteBrackets}"),
        ("did not find expected '-' indicator", "expected another '-' of the list: check the indentation"),
        ("did not find expected key", "expected a key: check the indentation, and the quotes of the value before"),
        ("could not find expected ':'", "expected ':' after this key"),
        ("found unexpected end of stream", "the quote that opens here is never closed"),
        ("found unknown escape character", "unknown '\\' escape in double quotes: write '\\\\', or use single quotes"),
        ("found character that cannot start any token", "a value cannot begin with this character: quote it"),
    ];

    /// <summary>Where the text stops to be YAML and why, in one line.</summary>
    public static (YamlPosition Position, string Message) Explain(YamlException error, string text)
    {
        var complaint = error.Message.TrimEnd('.');
        var advice = Array.Find(Advices, known => complaint.Contains(known.Complaint, StringComparison.Ordinal)).Advice;
        var position = YamlPosition.Of(error.Start);
        position = complaint.Contains(" tab ", StringComparison.Ordinal) ? FirstTabFrom(position, text) : position;
        return (NotAfter(End(text), position), $"not valid YAML: {advice ?? complaint}");
    }

    /// <summary>For tabs the parser names the value they end, which may stand lines above.</summary>
    private static YamlPosition FirstTabFrom(YamlPosition start, string text)
    {
        var lines = text.Split('\n');
        for (var index = start.Line - 1; index < lines.Length; index++)
        {
            var indentation = lines[index].Length - lines[index].TrimStart().Length;
            if (lines[index].IndexOf('\t', 0, indentation) is var tab and >= 0)
            {
                return new YamlPosition(index + 1, tab + 1);
            }
        }

        return start;
    }

    /// <summary>The parser counts a line that is not there when a text ends too early.</summary>
    private static YamlPosition End(string text)
    {
        var lines = text.TrimEnd().Split('\n');
        return new YamlPosition(lines.Length, lines[^1].Length + 1);
    }

    private static YamlPosition NotAfter(YamlPosition end, YamlPosition position) =>
        (position.Line, position.Column).CompareTo((end.Line, end.Column)) > 0 ? end : position;
}
