using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>The rules for <c>hosts</c>: a host name, an IP address, or <c>*.</c> before a host name.</summary>
internal static class HostPattern
{
    /// <summary>Longest name and longest part of one between dots, in characters (RFC 1035, 2.3.4).</summary>
    private const int MaxLength = 253, MaxLabelLength = 63;

    /// <summary>Gives the pattern in lower case, the form requests are compared in.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="pattern">The pattern, lower case.</param>
    /// <param name="problem">Why it is none, in one line.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out string? pattern, [NotNullWhen(false)] out string? problem)
    {
        problem = FindProblem(text);
        pattern = problem is null ? text.ToLowerInvariant() : null;
        return pattern is not null;
    }

    private static string? FindProblem(string text)
    {
        if (text == "*")
        {
            return "'*' is not a host name: leave hosts empty to answer to all";
        }

        if (text.Contains("://", StringComparison.Ordinal) || text.Contains('/'))
        {
            return $"'{text}' is a URL: write only its host name";
        }

        if (IsBracketedIPv6(text))
        {
            return null;
        }

        if (text.Contains(':'))
        {
            return $"'{text}' has a port: write the host name without it, an app answers on every port the front listens on";
        }

        if (text.Any(c => !char.IsAscii(c)))
        {
            return $"'{text}' has letters outside ASCII: write the name in its xn-- form, as browsers send it";
        }

        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return IsName(name) ? null : $"'{text}' is not a host name such as example.com or *.example.com";
    }

    private static bool IsBracketedIPv6(string text) =>
        text is ['[', .. var inner, ']']
        && IPAddress.TryParse(inner, out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsName(string name) => name.Length <= MaxLength && name.Split('.').All(IsLabel);

    // '_' is not of RFC 1123 but in use for internal names, and clients send it.
    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
