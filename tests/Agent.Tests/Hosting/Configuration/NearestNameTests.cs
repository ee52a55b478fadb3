using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["instances", "interval", "env", "path", "tcp"];

    [Theory]
    [InlineData("instnaces", "instances")]
    [InlineData("instance", "instances")]
    [InlineData("INSTANCES", "instances")]
    [InlineData("intervall", "interval")]
    [InlineData("evn", "env")]
    [InlineData("envs", "env")]
    [InlineData("pth", "path")]
    [InlineData("tpc", "tcp")]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("udp2", null)]
    [InlineData("healthcheck", null)]
    public void A_mistyped_name_finds_the_nearest_one_or_none(string text, string? nearest)
    {
        Assert.Equal(nearest, NearestName.Find(text, Names));
    }
}
