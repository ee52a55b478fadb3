using System.Net;
using BenchmarkDotNet.Attributes;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Benchmarks.Micro;

/// <summary>Claiming a worker during a slow start; <see cref="ClaimBenchmarks"/> has the same without.</summary>
public class SlowStartBenchmarks
{
    private readonly Upstream _upstream = new("web", TimeProvider.System);
    private readonly Backend _settled = NewBackend(1);
    private readonly Backend _newcomer = NewBackend(2);

    [GlobalSetup]
    public void Begin() => _upstream.Share([_settled], [_newcomer], new SlowStart(TimeSpan.FromMinutes(1), TimeProvider.System));

    [GlobalCleanup]
    public void End()
    {
        _settled.Dispose();
        _newcomer.Dispose();
    }

    [Benchmark]
    public async ValueTask ClaimAsync()
    {
        var (lease, _) = await _upstream.AcquireAsync(CancellationToken.None);
        lease!.Dispose();
    }

    private static Backend NewBackend(int number) =>
        new($"web.{number}.1", BackendAddress.ForTcp(new IPEndPoint(IPAddress.Loopback, number)), TimeProvider.System);
}
