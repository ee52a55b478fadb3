using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ListenAddressTests
{
    private const string Forms = "write http://IP:PORT, http://localhost:PORT or http://*:PORT, or the same with https";

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("HTTP://127.0.0.1:8080/", "http://127.0.0.1:8080")]
    [InlineData("http://0.0.0.0:80", "http://0.0.0.0:80")]
    [InlineData("http://localhost:0", "http://localhost:0")]
    [InlineData("http://LocalHost:81", "http://localhost:81")]
    [InlineData("http://*:8080", "http://[::]:8080")]
    [InlineData("http://[::]:8080", "http://[::]:8080")]
    [InlineData("http://[0:0::1]:65535", "http://[::1]:65535")]
    [InlineData("http://[2001:DB8::A]:80", "http://[2001:db8::a]:80")]
    [InlineData("https://127.0.0.1:443", "https://127.0.0.1:443")]
    [InlineData("HTTPS://*:8443", "https://[::]:8443")]
    [InlineData("8080", "http://127.0.0.1:8080")]
    [InlineData(":8080", "http://[::]:8080")]
    [InlineData("*:8080", "http://[::]:8080")]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("localhost:8080", "http://localhost:8080")]
    [InlineData("[::1]:8080", "http://[::1]:8080")]
    [InlineData("https://*:443?proxyProtocol=required", "https://[::]:443?proxyProtocol=required")]
    [InlineData("http://127.0.0.1:80/?proxyProtocol=required", "http://127.0.0.1:80?proxyProtocol=required")]
    [InlineData("8080?proxyProtocol=required", "http://127.0.0.1:8080?proxyProtocol=required")]
    public void An_address_is_read_and_written_as_people_do(string text, string address)
    {
        Assert.True(ListenAddress.TryParse(text, out var parsed, out var error), error);
        Assert.Equal(address, ListenAddress.Format(parsed));
    }

    [Theory]
    [InlineData("https://127.0.0.1", $"'127.0.0.1' has no port: {Forms}")]
    [InlineData("tcp://127.0.0.1:1", $"'tcp' cannot be listened on: {Forms}")]
    [InlineData("unix:///run/x", $"'unix' cannot be listened on: {Forms}")]
    [InlineData("http://127.0.0.1:80/path", $"a listen address has no room for a path: {Forms}")]
    [InlineData("127.0.0.1:80/", $"a listen address has no room for a path: {Forms}")]
    [InlineData("http://127.0.0.1:80?a=b", "'?a=b' is no option of a listen address: the only one is ?proxyProtocol=required")]
    [InlineData("http://127.0.0.1:80#a", $"a listen address has no room for a fragment: {Forms}")]
    [InlineData("http://me@127.0.0.1:80", $"a listen address has no room for user info: {Forms}")]
    [InlineData("", $"'' has no port: {Forms}")]
    [InlineData("http://", $"'' has no port: {Forms}")]
    [InlineData("http://127.0.0.1", $"'127.0.0.1' has no port: {Forms}")]
    [InlineData("localhost", $"'localhost' has no port: {Forms}")]
    [InlineData("[::1]", $"'[::1]' has no port: {Forms}")]
    [InlineData("http://127.0.0.1:", $"'127.0.0.1:' has no port: {Forms}")]
    [InlineData(":", $"':' has no port: {Forms}")]
    [InlineData("example.com:80", $"'example.com' is neither an IP address, localhost nor *: {Forms}")]
    [InlineData("web", $"'web' is neither an IP address, localhost nor *: {Forms}")]
    [InlineData("http://+:80", $"'+' is neither an IP address, localhost nor *: {Forms}")]
    [InlineData("127.1:80", $"'127.1' is neither an IP address, localhost nor *: {Forms}")]
    [InlineData("256.0.0.1:80", $"'256.0.0.1' is neither an IP address, localhost nor *: {Forms}")]
    [InlineData("[127.0.0.1]:80", $"'[127.0.0.1]' is neither an IP address, localhost nor *: {Forms}")]
    [InlineData("[fe80::1%eth0]:80", $"'[fe80::1%eth0]' is neither an IP address, localhost nor *: {Forms}")]
    [InlineData("::1:80", "'::1:80' is no listen address: an IPv6 address goes in brackets, as in http://[::1]:8080")]
    [InlineData("65536", "'65536' is not a port: it is a number from 0 to 65535")]
    [InlineData("127.0.0.1:http", "'http' is not a port: it is a number from 0 to 65535")]
    [InlineData("127.0.0.1:-1", "'-1' is not a port: it is a number from 0 to 65535")]
    [InlineData("127.0.0.1:99999999999", "'99999999999' is not a port: it is a number from 0 to 65535")]
    public void What_is_no_address_is_refused_with_what_to_write(string text, string error)
    {
        Assert.False(ListenAddress.TryParse(text, out var address, out var found));
        Assert.Null(address);
        Assert.Equal(error, found);
    }

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80", true)]
    [InlineData("127.0.0.1:80", "127.0.0.1:81", false)]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", false)]
    [InlineData("127.0.0.1:80", "127.0.0.2:80", false)]
    [InlineData("*:80", "127.0.0.1:80", true)]
    [InlineData("*:80", "127.0.0.1:80?proxyProtocol=required", true)]
    [InlineData("*:80", "[::1]:80", true)]
    [InlineData("*:80", "0.0.0.0:80", true)]
    [InlineData("http://*:443", "https://127.0.0.1:443", true)]
    [InlineData("0.0.0.0:80", "127.0.0.1:80", true)]
    [InlineData("0.0.0.0:80", "[::1]:80", false)]
    [InlineData("0.0.0.0:80", "localhost:80", true)]
    [InlineData("localhost:80", "[::1]:80", true)]
    [InlineData("localhost:80", "127.0.0.2:80", false)]
    public void Two_addresses_collide_when_one_includes_the_other(string one, string other, bool collide)
    {
        Assert.True(ListenAddress.TryParse(one, out var first, out _));
        Assert.True(ListenAddress.TryParse(other, out var second, out _));
        Assert.Equal(collide, ListenAddress.Collide(first, second));
        Assert.Equal(collide, ListenAddress.Collide(second, first));
    }
}
