using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// Takes away the headers that the Connection header names: they were meant for the front alone (RFC 9110, 7.6.1). Those that
/// are of the connection by their own nature (Keep-Alive, TE, ...) are YARP's to drop.
/// </summary>
/// <remarks>In a request, Kestrel hides the names that stand beside "close" or "keep-alive"; those headers pass.</remarks>
internal static class ConnectionOptions
{
    public static void RemoveFrom(HttpRequestHeaders headers, StringValues connection)
    {
        foreach (var line in connection)
        {
            foreach (var option in line.AsSpan().Split(','))
            {
                // Looked for first: removing a header that belongs to the content, which stays in any case, would throw.
                if (Named(line.AsSpan()[option]) is { } name && headers.NonValidated.Contains(name))
                {
                    headers.Remove(name);
                }
            }
        }
    }

    public static void RemoveFrom(IHeaderDictionary headers, HttpResponseHeaders source)
    {
        if (!source.NonValidated.TryGetValues(HeaderNames.Connection, out var connection))
        {
            return;
        }

        foreach (var line in connection)
        {
            foreach (var option in line.AsSpan().Split(','))
            {
                if (Named(line.AsSpan()[option]) is { } name)
                {
                    headers.Remove(name);
                }
            }
        }
    }

    /// <summary>The name of a header in an option; null for the options that are none, and for Host, which no request can miss.</summary>
    private static string? Named(ReadOnlySpan<char> option)
    {
        option = option.Trim(" \t");
        return option.IsEmpty || Is(option, "close") || Is(option, "keep-alive") || Is(option, "upgrade") || Is(option, "host")
            ? null
            : option.ToString();
    }

    private static bool Is(ReadOnlySpan<char> option, string name) => option.Equals(name, StringComparison.OrdinalIgnoreCase);
}
