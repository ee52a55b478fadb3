using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BlueGreen.Agent.Deployments.WarmUps;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Statuses as people write them: <c>404</c>, or <c>2xx</c> for all that begin with a 2.</summary>
internal static class StatusRangeText
{
    /// <summary>Lowest and highest status of a final answer (RFC 9110, 15).</summary>
    private const int Lowest = 200, Highest = 599;

    /// <summary>Reads one.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="range">The statuses.</param>
    /// <param name="problem">Why it is none, in one line.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out StatusRange? range, [NotNullWhen(false)] out string? problem)
    {
        range = text is [>= '2' and <= '5', 'x', 'x'] ? StatusRange.OfClass(text[0] - '0')
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= Lowest and <= Highest
                ? new StatusRange(status, status)
            : null;
        problem = range is null ? $"'{text}' is no status: write one from 200 to 599, or 2xx, 3xx, 4xx or 5xx" : null;
        return range is not null;
    }
}
