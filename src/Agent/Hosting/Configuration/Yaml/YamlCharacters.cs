using System.Buffers;

namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>The characters a YAML text may hold (YAML 1.2, 5.1).</summary>
internal static class YamlCharacters
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && !"\t\n\r\u0085".Contains(c))]);

    /// <summary>
    /// The first control character that must not be there; null when all is well. The parser takes a NUL for the end of the
    /// text, so without this check it would silently ignore what follows.
    /// </summary>
    public static (YamlPosition At, string Problem)? FindForbidden(string text)
    {
        var at = text.AsSpan().IndexOfAny(Forbidden);
        if (at < 0)
        {
            return null;
        }

        var before = text.AsSpan(0, at);
        var position = new YamlPosition(before.Count('\n') + 1, at - before.LastIndexOf('\n'));
        return (position, $"control character U+{(int)text[at]:X4}: this is not a text file, or it is damaged");
    }
}
