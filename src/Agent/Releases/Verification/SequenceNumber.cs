using System.Globalization;
using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Releases.Verification;

/// <summary>The sequence number in a trusted comment: the word <c>sequence:42</c>.</summary>
internal static partial class SequenceNumber
{
    /// <summary>The number; null when there is none, or more than one.</summary>
    public static long? In(string comment) =>
        Words().Matches(comment) is [var only] ? long.Parse(only.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    // 18 digits always fit.
    [GeneratedRegex(@"(?<!\S)sequence:([0-9]{1,18})(?!\S)", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
