using System.Diagnostics.CodeAnalysis;
using BlueGreen.Agent.Deployments.WarmUps;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Requests as people write them: <c>GET /products?page=1</c>, <c>HEAD /</c>; a path alone is a GET.</summary>
internal static class WarmUpRequestText
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    /// <summary>Reads one.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="request">The request.</param>
    /// <param name="problem">Why it is none, in one line.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out WarmUpRequest? request, [NotNullWhen(false)] out string? problem)
    {
        request = null;
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        var method = text.StartsWith('/') || blank < 0 ? Methods[0] : text[..blank];
        var target = text.StartsWith('/') || blank < 0 ? text : text[blank..].Trim();
        if (!Methods.Contains(method))
        {
            problem = Methods.Contains(method.ToUpperInvariant())
                ? $"'{text}': methods are written in capitals, {method.ToUpperInvariant()}"
                : $"'{text}': only GET and HEAD can warm a worker up, since other methods may change something in the app";
            return false;
        }

        if (target.Any(c => !char.IsAscii(c)))
        {
            problem = $"'{target}' has letters outside ASCII: write them in their %XX form, as browsers send them";
            return false;
        }

        if (!RequestPath.TryParseTarget(target, out _, out problem))
        {
            return false;
        }

        request = new WarmUpRequest(method, target);
        return true;
    }
}
