using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1B", 1)]
    [InlineData("800KiB", 819_200)]
    [InlineData("500MiB", 524_288_000)]
    [InlineData("8GiB", 8_589_934_592)]
    [InlineData("1TiB", 1_099_511_627_776)]
    [InlineData("3kB", 3_000)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("1TB", 1_000_000_000_000)]
    public void A_size_reads_back_as_it_was_written(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out var read, out _));
        Assert.Equal(bytes, read);
        Assert.Equal(text, SizeText.Format(bytes));
    }

    [Theory]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("0B", 0)]
    [InlineData("0.5KiB", 512)]
    public void Parts_of_a_unit_are_fine_where_they_make_whole_bytes(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out var read, out _));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("", "'' is not a size: write for example 500MiB or 8GiB")]
    [InlineData("MiB", "'MiB' is not a size: write for example 500MiB or 8GiB")]
    [InlineData("-1MiB", "'-1MiB' is not a size: write for example 500MiB or 8GiB")]
    [InlineData("1 MiB", "'1 MiB' is not a size: write for example 500MiB or 8GiB")]
    [InlineData("1.MiB", "'1.MiB' is not a size: write for example 500MiB or 8GiB")]
    [InlineData("1mib", "'1mib' is not a size: write for example 500MiB or 8GiB")]
    [InlineData("100", "'100' has no unit: write for example 500MiB or 8GiB")]
    [InlineData("999999999TiB", "'999999999TiB' is too large")]
    [InlineData("1.5B", "'1.5B' is no whole number of bytes")]
    public void What_is_no_size_says_what_to_write(string text, string error)
    {
        Assert.False(SizeText.TryParse(text, out _, out var problem));
        Assert.Equal(error, problem);
    }
}
