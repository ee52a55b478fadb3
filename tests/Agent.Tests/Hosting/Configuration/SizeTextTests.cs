using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("0MiB", 0, "0")]
    [InlineData("64KiB", 65_536, "64KiB")]
    [InlineData("1024KiB", 1_048_576, "1MiB")]
    [InlineData("100MiB", 104_857_600, "100MiB")]
    [InlineData("2GiB", 2_147_483_648, "2GiB")]
    [InlineData("1024GiB", 1_099_511_627_776, "1024GiB")]
    public void A_size_is_read_and_written_in_its_shortest_form(string text, long bytes, string shortest)
    {
        Assert.True(SizeText.TryParse(text, out var size, out _));
        Assert.Equal(bytes, size);
        Assert.Equal(shortest, SizeText.Format(size));
    }

    [Theory]
    [InlineData("100", "'100' has no unit: write '100MiB' for mebibytes")]
    [InlineData("1025GiB", "'1025GiB' is too much: at most 1024GiB")]
    [InlineData("", "'' is not a size: write for example 64KiB, 100MiB or 2GiB")]
    [InlineData("MiB", "'MiB' is not a size: write for example 64KiB, 100MiB or 2GiB")]
    [InlineData("100MB", "'100MB' is not a size: write for example 64KiB, 100MiB or 2GiB")]
    [InlineData("100M", "'100M' is not a size: write for example 64KiB, 100MiB or 2GiB")]
    [InlineData("100 MiB", "'100 MiB' is not a size: write for example 64KiB, 100MiB or 2GiB")]
    [InlineData("1.5GiB", "'1.5GiB' is not a size: write for example 64KiB, 100MiB or 2GiB")]
    [InlineData("-1MiB", "'-1MiB' is not a size: write for example 64KiB, 100MiB or 2GiB")]
    [InlineData("99999999999MiB", "'99999999999MiB' is not a size: write for example 64KiB, 100MiB or 2GiB")]
    public void What_is_no_size_is_refused_with_what_to_write(string text, string problem)
    {
        Assert.False(SizeText.TryParse(text, out _, out var found));
        Assert.Equal(problem, found);
    }
}
