using YamlDotNet.Core;

namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>Puts the parser's complaints into words of people who do not know its insides.</summary>
internal static class YamlSyntax
{
    /// <summary>What the parser says, and the usual cause with its cure.</summary>
    private static readonly (string Complaint, string Advice)[] Advices =
    [
        ("tab", "a tab indents this line: use spaces"),
        ("found invalid mapping", "a ':' is not expected here: check the indentation, or quote the value if the ':' belongs to it"),
        ("did not find expected ',' or ']'", "a list in [ ] goes on wrongly here: a ',' or ']' is missing, or a value that holds one of [ ] { } , needs quotes"),
        ("did not find expected ',' or '}'", "a map in { } goes on wrongly here: a ',' or '}' is missing, or a value that holds one of [ ] { } , needs quotes"),
        ("did not find expected '-' indicator", "a list of '-' lines goes on wrongly here: check the indentation"),
        ("did not find expected key", "a key is expected here: check the indentation, and the quotes of the value before"),
        ("could not find expected ':'", "a ':' is missing after this key"),
        ("found unexpected end of stream", "the quote that opens here is never closed"),
        ("found unknown escape character", "an unknown '\\' escape in a double-quoted text: write '\\\\', or use single quotes"),
        ("found character that cannot start any token", "a value cannot begin with this character: quote it"),
    ];

    /// <summary>Where the parser stopped and why, in one line.</summary>
    public static (YamlPosition Position, string Message) Explain(YamlException error)
    {
        var complaint = error.Message.TrimEnd('.');
        var advice = Array.Find(Advices, advice => complaint.Contains(advice.Complaint, StringComparison.OrdinalIgnoreCase)).Advice;
        return (YamlPosition.Of(error.Start), $"not valid YAML: {advice ?? complaint}");
    }
}
