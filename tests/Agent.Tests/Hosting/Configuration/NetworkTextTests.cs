using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class NetworkTextTests
{
    private const string Forms = "write for example 10.0.0.0/8, fd00::/8 or 192.0.2.7";

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.7/32", "192.0.2.7")]
    [InlineData("192.0.2.6/31", "192.0.2.6/31")]
    [InlineData("172.16.0.0/12", "172.16.0.0/12")]
    [InlineData("FD00::/8", "fd00::/8")]
    [InlineData("::/0", "::/0")]
    [InlineData("::1", "::1")]
    [InlineData("2001:db8:0:0::/33", "2001:db8::/33")]
    public void A_network_is_read_and_written_as_people_do(string text, string network)
    {
        Assert.True(NetworkText.TryParse(text, out var parsed, out var problem), problem);
        Assert.Equal(network, NetworkText.Format(parsed));
    }

    [Theory]
    [InlineData("", $"'' is neither an address nor a network: {Forms}")]
    [InlineData("localhost", $"'localhost' is neither an address nor a network: {Forms}")]
    [InlineData("10/8", $"'10/8' is neither an address nor a network: {Forms}")]
    [InlineData("10.0.0/8", $"'10.0.0/8' is neither an address nor a network: {Forms}")]
    [InlineData("010.0.0.0/8", $"'010.0.0.0/8' is neither an address nor a network: {Forms}")]
    [InlineData("10.0.0.*", $"'10.0.0.*' is neither an address nor a network: {Forms}")]
    [InlineData("10.0.0.1:80", $"'10.0.0.1:80' is neither an address nor a network: {Forms}")]
    [InlineData("[::1]", $"'[::1]' is neither an address nor a network: {Forms}")]
    [InlineData("fe80::1%eth0", $"'fe80::1%eth0' is neither an address nor a network: {Forms}")]
    [InlineData("/8", $"'/8' is neither an address nor a network: {Forms}")]
    [InlineData("10.0.0.0/", "'10.0.0.0/' needs a number from 0 to 32 behind the '/'")]
    [InlineData("10.0.0.0/255.0.0.0", "'10.0.0.0/255.0.0.0' needs a number from 0 to 32 behind the '/'")]
    [InlineData("10.0.0.0/-1", "'10.0.0.0/-1' needs a number from 0 to 32 behind the '/'")]
    [InlineData("fd00::/129", "'fd00::/129' needs a number from 0 to 128 behind the '/'")]
    [InlineData("10.0.0.1/8", "'10.0.0.1/8' is an address within a network: write 10.0.0.0/8 for that, 10.0.0.1 for the address alone")]
    [InlineData("fd00::1/8", "'fd00::1/8' is an address within a network: write fd00::/8 for that, fd00::1 for the address alone")]
    [InlineData("::ffff:10.0.0.1", "'::ffff:10.0.0.1' is an IPv4 address written as IPv6: write 10.0.0.1")]
    public void What_is_no_network_is_refused_with_what_to_write(string text, string problem)
    {
        Assert.False(NetworkText.TryParse(text, out _, out var found));
        Assert.Equal(problem, found);
    }
}
