using BlueGreen.Benchmarks.WarmUp;

namespace BlueGreen.EndToEnd.Tests.Benchmarks;

public sealed class WarmUpArgumentsTests
{
    [Fact]
    public void Rounds_rate_and_slow_start_can_be_chosen()
    {
        var arguments = WarmUpArguments.Parse(["--rounds", "2", "--rate", "100", "--slow-start", "3"]);
        Assert.Equal((2, 100, 3), (arguments.Rounds, arguments.Rate, arguments.SlowStartSeconds));
        Assert.Equal(new WarmUpArguments(), WarmUpArguments.Parse([]));
    }

    [Theory]
    [InlineData("--rounds", "0")]
    [InlineData("--rate", "fast")]
    [InlineData("--bluegreen", "/no/such/program")]
    [InlineData("--rounds")]
    [InlineData("--only", "get32")]
    public void What_makes_no_sense_is_said(params string[] arguments) =>
        Assert.Throws<FormatException>(() => WarmUpArguments.Parse(arguments));
}
