using BlueGreen.Benchmarks.Traffic;

namespace BlueGreen.EndToEnd.Tests.Benchmarks;

public sealed class H2LoadOutputTests
{
    private const string Printed = """
        starting benchmark...
        Application protocol: h2c

        finished in 2.01s, 1000.00 req/s, 150.00KB/s
        requests: 2000 total, 2032 started, 2000 done, 1999 succeeded, 1 failed, 0 errored, 0 timeout
        status codes: 1999 2xx, 0 3xx, 0 4xx, 1 5xx
        """;

    [Fact]
    public void Totals_come_from_what_is_printed_and_percentiles_from_the_log()
    {
        var log = Enumerable.Range(1, 1000).Select(microseconds => $"1700000000{microseconds:D6}\t200\t{microseconds}").Reverse();
        var measured = H2LoadOutput.Parse(Printed, log);
        Assert.Equal(1999, measured.Requests);
        Assert.Equal(1, measured.Failed);
        Assert.Equal(2.01, measured.Elapsed.TotalSeconds, 3);
        Assert.Equal(500, measured.P50.TotalMicroseconds);
        Assert.Equal(990, measured.P99.TotalMicroseconds);
        Assert.Equal(999, measured.P999.TotalMicroseconds);
    }

    [Theory]
    [InlineData("finished in 850.50ms, ", 850_500)]
    [InlineData("finished in 912us, ", 912)]
    public void The_time_is_read_in_every_unit(string line, int microseconds)
    {
        var measured = H2LoadOutput.Parse(Printed.Replace("finished in 2.01s, ", line, StringComparison.Ordinal), []);
        Assert.Equal(microseconds, measured.Elapsed.TotalMicroseconds);
    }

    [Fact]
    public void Other_text_is_an_error() => Assert.Throws<FormatException>(() => H2LoadOutput.Parse("could not connect", []));
}
