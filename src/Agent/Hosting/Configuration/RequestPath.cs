using System.Diagnostics.CodeAnalysis;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>The rules for the two paths of a request that a configuration holds.</summary>
internal static class RequestPath
{
    /// <summary>A path prefix an app answers to. A slash at its end changes nothing and is dropped.</summary>
    public static bool TryParsePrefix(
        string text, [NotNullWhen(true)] out string? prefix, [NotNullWhen(false)] out string? problem)
    {
        problem = FindProblem(text)
            ?? (text.IndexOfAny(['?', '*', '%', '\\']) is var at and >= 0
                ? $"'{text}' must not contain '{text[at]}': write a plain path such as /api, which includes all below it"
                : text.Split('/').Any(segment => segment is "." or "..") ? $"'{text}' must not contain '.' or '..' segments"
                : null);
        prefix = problem is null ? "/" + text.Trim('/') : null;
        return prefix is not null;
    }

    /// <summary>What a health check asks for: a path, with a query if it needs one.</summary>
    public static bool TryParseTarget(
        string text, [NotNullWhen(true)] out string? target, [NotNullWhen(false)] out string? problem)
    {
        problem = FindProblem(text);
        target = problem is null ? text : null;
        return target is not null;
    }

    private static string? FindProblem(string text)
    {
        if (!text.StartsWith('/'))
        {
            return $"'{text}' must begin with '/'";
        }

        if (text.Contains("//", StringComparison.Ordinal))
        {
            return $"'{text}' must not contain '//'";
        }

        return text.Any(c => c is '#' || char.IsWhiteSpace(c) || char.IsControl(c))
            ? $"'{text}' must not contain blanks or '#'"
            : null;
    }
}
