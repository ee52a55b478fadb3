using BenchmarkDotNet.Attributes;
using BlueGreen.Proxy.Exchanges;

namespace BlueGreen.Benchmarks.Micro;

/// <summary>Counting the path of a request for the replay of a warm-up: what one in eight requests pays, where it is on.</summary>
public class RecentPathsBenchmarks
{
    private readonly RecentPaths _paths = new(keepsQueries: false);

    [Benchmark]
    public void Note() => _paths.Note("/products/17?from=search");
}
