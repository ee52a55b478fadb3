using System.Collections.Immutable;
using BlueGreen.Agent.AccessLogs;
using BlueGreen.Proxy.Routing;

namespace BlueGreen.Agent.Deployments;

/// <summary>The apps of the front. Changed by the front's start and by reloads, one at a time; read without a lock.</summary>
/// <param name="publish">Told of the new routes after each change.</param>
/// <param name="logOf">Makes the access log of an app, by its name.</param>
/// <param name="time">The clock of the apps.</param>
internal sealed class AppRegistry(Action<RouteTable> publish, Func<string, AccessLog> logOf, TimeProvider time)
{
    private readonly Lock _changing = new();
    private ImmutableSortedDictionary<string, App> _apps = ImmutableSortedDictionary<string, App>.Empty;

    /// <summary>All apps, by name.</summary>
    public IReadOnlyList<App> All => [.. Volatile.Read(ref _apps).Values];

    /// <summary>An app, or null when the front has none of this name.</summary>
    public App? Find(string name) => Volatile.Read(ref _apps).GetValueOrDefault(name);

    /// <summary>Makes the apps those that are configured: known ones get their new options, others come and go.</summary>
    /// <returns>The apps that came and those that went; the latter get no new requests any more.</returns>
    /// <exception cref="ArgumentException">Two of them answer to the same; nothing has changed.</exception>
    public (IReadOnlyList<App> Added, IReadOnlyList<App> Removed) Configure(IReadOnlyList<AppOptions> configured)
    {
        lock (_changing)
        {
            var before = _apps;
            var after = configured.ToImmutableSortedDictionary(
                options => options.Name, options => before.GetValueOrDefault(options.Name) ?? new App(options, logOf(options.Name), time));
            var routes = new RouteTable(configured.Select(options => new Route(after[options.Name].Upstream, options.Hosts, options.Path)));
            foreach (var options in configured)
            {
                after[options.Name].Options = options;
            }

            Volatile.Write(ref _apps, after);
            publish(routes);
            return (
                [.. after.Values.Where(app => !before.ContainsKey(app.Name))],
                [.. before.Values.Where(app => !after.ContainsKey(app.Name))]);
        }
    }
}
