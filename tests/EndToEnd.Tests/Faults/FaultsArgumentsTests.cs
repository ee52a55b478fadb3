using BlueGreen.Faults.CommandLine;
using BlueGreen.Faults.Injection;

namespace BlueGreen.EndToEnd.Tests.Faults;

public sealed class FaultsArgumentsTests
{
    [Fact]
    public void Without_a_choice_every_fault_is_meant() => Assert.Equal(Cell.All, FaultsArguments.Parse(["matrix"]).Cells);

    [Theory]
    [InlineData("front", 10)]
    [InlineData("@idle", 6)]
    [InlineData("front@idle", 1)]
    public void A_victim_or_a_step_or_both_can_be_chosen(string only, int cells) =>
        Assert.Equal(cells, FaultsArguments.Parse(["matrix", "--only", only]).Cells.Count);

    [Fact]
    public void Several_choices_add_up() =>
        Assert.Equal(
            ["front@idle", "cli@probing"],
            FaultsArguments.Parse(["matrix", "--only", "front@idle", "--only", "cli@probing"]).Cells.Select(cell => $"{cell}"));

    [Theory]
    [InlineData("")]
    [InlineData("everything")]
    [InlineData("matrix --only nobody")]
    [InlineData("matrix --times 0")]
    [InlineData("matrix --for 10s")]
    [InlineData("soak --for")]
    [InlineData("soak --for 10")]
    [InlineData("deploys --bluegreen /nowhere/bluegreen")]
    [InlineData("once --job nowhere")]
    [InlineData("once --count 9")]
    [InlineData("once --count 20 --kills 8")]
    [InlineData("deploys --kills 2")]
    public void What_makes_no_sense_is_refused(string arguments) => Assert.Throws<FormatException>(
        () => FaultsArguments.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
