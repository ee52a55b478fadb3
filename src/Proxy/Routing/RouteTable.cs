using System.Collections.Frozen;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Routing;

/// <summary>
/// From host and path to an upstream. Immutable. The most specific host that has a matching path wins: an exact name, then the
/// longest wildcard, then routes for all hosts; among the routes of a host the longest path prefix.
/// </summary>
public sealed class RouteTable
{
    /// <summary>A table that knows no app.</summary>
    public static readonly RouteTable Empty = new([]);

    private readonly FrozenDictionary<string, PathRoute[]> _exact;
    private readonly FrozenDictionary<string, PathRoute[]> _wildcard;
    private readonly PathRoute[] _anyHost;

    /// <summary>Builds the table.</summary>
    /// <exception cref="ArgumentException">Two routes take the same host and path.</exception>
    public RouteTable(IEnumerable<Route> routes)
    {
        var byHost = new Dictionary<string, List<PathRoute>>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in routes)
        {
            foreach (var name in route.Hosts.Count == 0 ? [""] : route.Hosts)
            {
                var host = Normal(name);
                if (!byHost.TryGetValue(host, out var paths))
                {
                    byHost.Add(host, paths = []);
                }

                var prefix = new PathString(route.PathPrefix.TrimEnd('/'));
                // Not by "==": that ignores the case, which the match of a path does not.
                if (paths.Exists(other => other.Prefix.Equals(prefix, StringComparison.Ordinal)))
                {
                    throw new ArgumentException(
                        $"Two apps take host '{(name.Length == 0 ? "*" : name)}' and path '{route.PathPrefix}'.", nameof(routes));
                }

                paths.Add(new PathRoute(prefix, route.Upstream));
            }
        }

        _anyHost = byHost.Remove("", out var any) ? LongestFirst(any) : [];
        _wildcard = Freeze(byHost.Where(pair => pair.Key.StartsWith("*.", StringComparison.Ordinal)), key => key[1..]);
        _exact = Freeze(byHost.Where(pair => !pair.Key.StartsWith("*.", StringComparison.Ordinal)), key => key);
    }

    /// <summary>The upstream of a request, or null when no app takes it.</summary>
    public Upstream? Find(HostString host, PathString path)
    {
        if (_exact.Count > 0 || _wildcard.Count > 0)
        {
            var name = Normal(host.Host);
            if (_exact.TryGetValue(name, out var routes) && Match(routes, path) is { } exact)
            {
                return exact;
            }

            for (var dot = name.IndexOf('.', StringComparison.Ordinal); _wildcard.Count > 0 && dot >= 0;
                dot = name.IndexOf('.', dot + 1))
            {
                if (_wildcard.TryGetValue(name[dot..], out routes) && Match(routes, path) is { } below)
                {
                    return below;
                }
            }
        }

        return Match(_anyHost, path);
    }

    /// <summary>A trailing dot names the same host (RFC 3986, 3.2.2).</summary>
    private static string Normal(string host) => host.TrimEnd('.');

    private static Upstream? Match(PathRoute[] routes, PathString path)
    {
        foreach (var route in routes)
        {
            if (path.StartsWithSegments(route.Prefix, StringComparison.Ordinal))
            {
                return route.Upstream;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, PathRoute[]> Freeze(
        IEnumerable<KeyValuePair<string, List<PathRoute>>> routes, Func<string, string> key) =>
        routes.ToFrozenDictionary(pair => key(pair.Key), pair => LongestFirst(pair.Value), StringComparer.OrdinalIgnoreCase);

    private static PathRoute[] LongestFirst(List<PathRoute> routes) =>
        [.. routes.OrderByDescending(route => route.Prefix.Value?.Length ?? 0)];

    private readonly record struct PathRoute(PathString Prefix, Upstream Upstream);
}
