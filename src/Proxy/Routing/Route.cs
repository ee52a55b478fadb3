using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Routing;

/// <summary>Which requests belong to an upstream.</summary>
/// <param name="Upstream">Where they go.</param>
/// <param name="Hosts">Host names without port, exact or <c>*.example.com</c> (any name below it). Empty: all.</param>
/// <param name="PathPrefix">Whole segments: <c>/api</c> takes <c>/api</c> and <c>/api/x</c>, not <c>/apix</c>.</param>
public sealed record Route(Upstream Upstream, IReadOnlyList<string> Hosts, string PathPrefix);
