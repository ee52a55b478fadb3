using BlueGreen.Agent.Hosting.Systemd;

namespace BlueGreen.Agent.Tests.Hosting.Systemd;

public sealed class WatchdogIntervalTests
{
    [Theory]
    [InlineData("30000000", null)]
    [InlineData("30000000", "")]
    [InlineData("30000000", "42")]
    public void It_is_read_where_it_is_meant_for_this_process(string microseconds, string? pid)
    {
        Assert.Equal(TimeSpan.FromSeconds(30), Read(microseconds, pid));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("soon", null)]
    [InlineData("18446744073709551615", null)]
    [InlineData("30000000", "41")]
    [InlineData("30000000", "x")]
    public void Otherwise_there_is_none(string? microseconds, string? pid)
    {
        Assert.Null(Read(microseconds, pid));
    }

    private static TimeSpan? Read(string? microseconds, string? pid) => WatchdogInterval.Read(
        name => name switch
        {
            "WATCHDOG_USEC" => microseconds,
            "WATCHDOG_PID" => pid,
            _ => throw new ArgumentException(name, nameof(name)),
        },
        pid: 42);
}
