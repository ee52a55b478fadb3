using System.Net;
using BenchmarkDotNet.Attributes;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Benchmarks.Micro;

/// <summary>Claiming a worker for a request and giving it back.</summary>
public class ClaimBenchmarks
{
    private readonly Upstream _upstream = new("web", TimeProvider.System);
    private Backend[] _backends = [];

    /// <summary>Workers that share the traffic.</summary>
    [Params(1, 4)]
    public int Workers { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        _backends = [.. Enumerable.Range(1, Workers).Select(number => new Backend(
            $"web.1.{number}", BackendAddress.ForTcp(new IPEndPoint(IPAddress.Loopback, number)), TimeProvider.System))];
        _upstream.Switch([.. _backends]);
    }

    [GlobalCleanup]
    public void End()
    {
        foreach (var backend in _backends)
            backend.Dispose();
    }

    [Benchmark]
    public async ValueTask ClaimAsync()
    {
        var (lease, _) = await _upstream.AcquireAsync(CancellationToken.None);
        lease!.Dispose();
    }
}
