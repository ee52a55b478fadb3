using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0", 0, "0s")]
    [InlineData("0s", 0, "0s")]
    [InlineData("0ms", 0, "0s")]
    [InlineData("1ms", 1, "1ms")]
    [InlineData("250ms", 250, "250ms")]
    [InlineData("1000ms", 1_000, "1s")]
    [InlineData("1500ms", 1_500, "1.5s")]
    [InlineData("1.5s", 1_500, "1.5s")]
    [InlineData("0.25s", 250, "250ms")]
    [InlineData("1s500ms", 1_500, "1.5s")]
    [InlineData("30s", 30_000, "30s")]
    [InlineData("60s", 60_000, "1m")]
    [InlineData("90s", 90_000, "1m30s")]
    [InlineData("1m30s", 90_000, "1m30s")]
    [InlineData("1m1ms", 60_001, "1m0.001s")]
    [InlineData("10m", 600_000, "10m")]
    [InlineData("1h", 3_600_000, "1h")]
    [InlineData("1h5s", 3_605_000, "1h5s")]
    [InlineData("1.5h", 5_400_000, "1h30m")]
    [InlineData("25h", 90_000_000, "25h")]
    [InlineData("1000h", 3_600_000_000, "1000h")]
    [InlineData("010s", 10_000, "10s")]
    public void A_duration_is_read_and_written_in_its_shortest_form(string text, long milliseconds, string shortest)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
        Assert.Equal(shortest, DurationText.Format(duration));
    }

    [Theory]
    [InlineData("30", "'30' has no unit: write '30s' for seconds")]
    [InlineData("1.5", "'1.5' has no unit: write '1.5s' for seconds")]
    [InlineData("-5s", "'-5s' is negative: a duration is 0s or more")]
    [InlineData("-5", "'-5' is negative: a duration is 0s or more")]
    [InlineData("1001h", "'1001h' is too long: at most 1000h")]
    [InlineData("1000h1ms", "'1000h1ms' is too long: at most 1000h")]
    [InlineData("999999999999h", "'999999999999h' is too long: at most 1000h")]
    [InlineData("0.5ms", "'0.5ms' is finer than a millisecond")]
    [InlineData("0.0001s", "'0.0001s' is finer than a millisecond")]
    [InlineData("", "'' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("s", "'s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("soon", "'soon' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("--5s", "'--5s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("+5s", "'+5s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("5 s", "'5 s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData(" 5s", "' 5s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("5S", "'5S' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("5d", "'5d' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("5s5", "'5s5' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("30s1m", "'30s1m' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("1s1s", "'1s1s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData(".5s", "'.5s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("5.s", "'5.s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("1.2.3s", "'1.2.3s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("1,5s", "'1,5s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("00:00:30", "'00:00:30' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("٣s", "'٣s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    [InlineData("9999999999999s", "'9999999999999s' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s")]
    public void What_is_no_duration_is_refused_with_what_to_write(string text, string problem)
    {
        Assert.False(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Zero, duration);
        Assert.False(DurationText.TryParse(text, out _, out var found));
        Assert.Equal(problem, found);
    }

    [Theory]
    [InlineData(-30_000_0000L * 10, "-5m")]
    [InlineData(4_999, "0s")]
    [InlineData(5_001, "1ms")]
    [InlineData(12_345_678, "1.235s")]
    [InlineData(9_999_999, "1s")]
    public void A_measured_duration_is_rounded_to_milliseconds(long ticks, string text)
    {
        Assert.Equal(text, DurationText.Format(new TimeSpan(ticks)));
    }

    [Fact]
    public void Whatever_is_written_reads_back_as_the_same()
    {
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            var duration = TimeSpan.FromMilliseconds(Math.Floor(Math.Pow(10, random.NextDouble() * 9.5)));

            Assert.True(DurationText.TryParse(DurationText.Format(duration), out var again));
            Assert.Equal(duration, again);
        }
    }
}
