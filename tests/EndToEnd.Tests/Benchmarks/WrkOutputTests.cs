using BlueGreen.Benchmarks.Traffic;

namespace BlueGreen.EndToEnd.Tests.Benchmarks;

public sealed class WrkOutputTests
{
    [Fact]
    public void The_line_of_figures_is_found_in_what_wrk_prints()
    {
        var measured = WrkOutput.Parse("""
            Running 1s test @ http://127.0.0.1:8080/
              2 threads and 32 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     1.44ms    1.20ms  24.15ms   91.06%
            Requests/sec:  24313.05
            Transfer/sec:      4.01MB
            figures: requests=24412 microseconds=1004067 p50=1180 p99=5932 p999=12004 failed=3
            """);
        Assert.Equal(24_412, measured.Requests);
        Assert.Equal(TimeSpan.FromMicroseconds(1_004_067), measured.Elapsed);
        Assert.Equal(1.18, measured.P50.TotalMilliseconds, 3);
        Assert.Equal(5.932, measured.P99.TotalMilliseconds, 3);
        Assert.Equal(12.004, measured.P999.TotalMilliseconds, 3);
        Assert.Equal(3, measured.Failed);
    }

    [Fact]
    public void Without_figures_the_error_shows_what_was_printed()
    {
        var error = Assert.Throws<FormatException>(() => WrkOutput.Parse("unable to connect to 127.0.0.1:1 Connection refused"));
        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
    }
}
