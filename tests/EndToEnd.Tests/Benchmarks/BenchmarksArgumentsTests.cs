using BlueGreen.Benchmarks.CommandLine;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.EndToEnd.Tests.Benchmarks;

public sealed class BenchmarksArgumentsTests
{
    [Fact]
    public void Rows_and_others_to_compare_with_can_be_chosen()
    {
        var arguments = BenchmarksArguments.Parse(["--quick", "--only", "get32", "--only", "h2", "--against", "nginx", "--rounds", "3"]);
        Assert.Equal(["get32", "h2"], arguments.Rows);
        Assert.Equal(["nginx"], arguments.Stage.Peers.Select(peer => peer.Name));
        Assert.False(arguments.Stage.IsDirectMeasured);
        Assert.Equal(Effort.Quick with { Rounds = 3 }, arguments.Effort);
    }

    [Fact]
    public void Further_ways_to_run_bluegreen_have_a_name_and_variables()
    {
        var variants = BenchmarksArguments.Parse(["--also", "calm:DOTNET_gcConcurrent=0,program=/opt/bluegreen"]).Stage.Variants;
        Assert.Equal(["bluegreen", "calm"], variants.Select(variant => variant.Name));
        Assert.Equal("/opt/bluegreen", variants[1].Program);
        Assert.Equal("0", variants[1].Environment["DOTNET_gcConcurrent"]);
    }

    [Fact]
    public void A_way_to_run_bluegreen_may_keep_an_access_log()
    {
        var variants = BenchmarksArguments.Parse(["--also", "logged:accessLog=json"]).Stage.Variants;
        Assert.Equal([null, "json"], variants.Select(variant => variant.AccessLog));
        Assert.Empty(variants[1].Environment);
    }

    [Theory]
    [InlineData("--only", "nothing")]
    [InlineData("--against", "nobody")]
    [InlineData("--also", "bluegreen:A=1")]
    [InlineData("--also", "calm:A")]
    [InlineData("--also", "logged:accessLog=xml")]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds")]
    [InlineData("--unknown", "x")]
    public void What_makes_no_sense_is_said(params string[] arguments) =>
        Assert.Throws<FormatException>(() => BenchmarksArguments.Parse(arguments));
}
