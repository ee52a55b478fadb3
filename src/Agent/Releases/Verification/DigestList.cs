using System.Text;
using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>
/// A list of SHA-256 digests as sha256sum writes it: <c>DIGEST  NAME</c>, <c>DIGEST *NAME</c>, <c>SHA256 (NAME) = DIGEST</c> (its option
/// --tag, openssl and BSD), or a lone digest. Other lines are passed over: such lists are often signed in place.
/// </summary>
internal static partial class DigestList
{
    /// <summary>The digests a list has for a name, lower case; one without a name is for every name.</summary>
    /// <param name="content">The list.</param>
    /// <param name="isMeant">Whether a name in the list is the file in question.</param>
    public static IReadOnlyList<string> For(byte[] content, Predicate<string> isMeant) =>
    [
        .. Encoding.UTF8.GetString(content).Split('\n').Select(line => Line().Match(line.TrimEnd('\r', ' ', '\t')))
            .Where(line => line.Success && (NameOf(line) is not { } name || isMeant(name)))
            .Select(line => line.Groups["digest"].Value.ToLowerInvariant())
            .Distinct(),
    ];

    private static string? NameOf(Match line)
    {
        if (!line.Groups["name"].Success)
        {
            return null;
        }

        string name = line.Groups["name"].Value;
        return line.Groups["escaped"].Length == 0 ? name : Escape().Replace(name, found => found.Value[1] switch
        {
            'n' => "\n",
            'r' => "\r",
            var other => other.ToString(),
        });
    }

    // A backslash at the beginning: newlines and backslashes of the name are escaped.
    [GeneratedRegex(@"^(?<escaped>\\?)((?<digest>[0-9a-fA-F]{64})([ \t][ *](?<name>.+))?|SHA(2-)?256 ?\((?<name>.+)\) ?= ?(?<digest>[0-9a-fA-F]{64}))$", RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex(@"\\[\\nr]", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
