using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Upstreams;

/// <summary>
/// A path of an app that is for the front alone: requests of clients to it never reach the app. Whatever a server may take for the same path is
/// the same here: other case, more slashes, an encoded slash, parameters of segments (RFC 3986, 3.3).
/// </summary>
/// <param name="path">The path; a query does not count.</param>
public sealed class ReservedPath(string path)
{
    private readonly string _normal = Normal(path.Split('?')[0]);

    /// <summary>Whether a request asks for it.</summary>
    /// <param name="asked">Its path, decoded but for the slash, as Kestrel has it.</param>
    public bool Matches(PathString asked) => asked.Value is { } text && string.Equals(Normal(text), _normal, StringComparison.OrdinalIgnoreCase);

    private static string Normal(string path)
    {
        var segments = new List<string>();
        foreach (var part in path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Replace('\\', '/').Split('/'))
        {
            var segment = part.Split(';')[0];
            if (segment == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("" or "." or ".."))
            {
                segments.Add(segment);
            }
        }

        return string.Join('/', segments);
    }
}
