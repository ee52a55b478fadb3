using BenchmarkDotNet.Attributes;
using BlueGreen.Proxy.Routing;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Benchmarks.Micro;

/// <summary>Finding the app of a request.</summary>
public class RouteBenchmarks
{
    private readonly PathString _path = new("/some/page");
    private RouteTable _routes = RouteTable.Empty;
    private HostString _host;

    /// <summary>Apps in the table, each with a host of its own.</summary>
    [Params(1, 100, 1000)]
    public int Apps { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        _routes = new RouteTable(Enumerable.Range(0, Apps).Select(number =>
            new Route(new Upstream($"app-{number}", TimeProvider.System), [$"app-{number}.example"], "/")));
        _host = new HostString($"app-{Apps / 2}.example", 8080);
    }

    [Benchmark]
    public Upstream? Find() => _routes.Find(_host, _path);
}
