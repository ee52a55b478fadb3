using System.Diagnostics;
using BlueGreen.Load;

namespace BlueGreen.EndToEnd.Tests.Load;

public sealed class LatenciesTests
{
    [Fact]
    public void Percentiles_are_right_within_a_thirtieth()
    {
        var latencies = new Latencies();
        for (var microseconds = 1; microseconds <= 100_000; microseconds++)
            latencies.Record(Ticks(microseconds));
        Assert.Equal(100_000, latencies.Count);
        Assert.InRange(latencies.P50.TotalMicroseconds, 50_000, 52_000);
        Assert.InRange(latencies.P99.TotalMicroseconds, 99_000, 100_000);
        Assert.Equal(100_000, latencies.Max.TotalMicroseconds);
        Assert.Equal(latencies.Max, latencies.Percentile(100));
    }

    [Fact]
    public void The_longest_of_many_is_not_rounded_away()
    {
        var latencies = new Latencies();
        for (var i = 0; i < 1_000_000; i++)
            latencies.Record(Ticks(100));
        latencies.Record(Ticks(7_654_321));
        Assert.Equal(7_654_321, latencies.Max.TotalMicroseconds);
        Assert.InRange(latencies.P99.TotalMicroseconds, 100, 104);
    }

    [Fact]
    public void Merged_histograms_are_one()
    {
        var (one, other) = (new Latencies(), new Latencies());
        one.Record(Ticks(10));
        other.Record(Ticks(1000));
        one.Add(other);
        Assert.Equal(2, one.Count);
        Assert.Equal(1000, one.Max.TotalMicroseconds);
        Assert.InRange(one.P50.TotalMicroseconds, 10, 11);
    }

    [Fact]
    public void Nothing_recorded_is_zero()
    {
        var latencies = new Latencies();
        Assert.Equal(TimeSpan.Zero, latencies.P50);
        Assert.Equal(TimeSpan.Zero, latencies.P99);
        Assert.Equal(TimeSpan.Zero, latencies.Max);
    }

    private static long Ticks(long microseconds) => microseconds * Stopwatch.Frequency / 1_000_000;
}
