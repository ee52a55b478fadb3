using System.Net;
using BlueGreen.Proxy.Peers;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Peers;

public sealed class ClientAddressTests
{
    private static readonly TrustedProxies Trusted = new([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")]);

    [Theory]
    [InlineData("198.51.100.9", "203.0.113.7", "198.51.100.9")]
    [InlineData("::ffff:198.51.100.9", null, "198.51.100.9")]
    [InlineData("10.0.0.1", null, "10.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2,fd00::3", "203.0.113.7")]
    [InlineData("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3")]
    [InlineData("10.0.0.1", "203.0.113.7:4711", "203.0.113.7")]
    [InlineData("10.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.1", "203.0.113.7, unknown, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    public void The_client_is_the_nearest_address_that_is_no_trusted_proxy(string peer, string? chain, string client)
    {
        Assert.Equal(IPAddress.Parse(client), ClientAddress.Of(Request(IPAddress.Parse(peer), chain), Trusted));
    }

    [Fact]
    public void A_chain_in_several_lines_is_one()
    {
        var request = Request(IPAddress.Parse("10.0.0.1"), null);
        request.Request.Headers.Append("X-Forwarded-For", "6.6.6.6, 203.0.113.7");
        request.Request.Headers.Append("X-Forwarded-For", "10.0.0.2");

        Assert.Equal(IPAddress.Parse("203.0.113.7"), ClientAddress.Of(request, Trusted));
    }

    [Fact]
    public void A_peer_without_an_address_is_a_client_without_one() => Assert.Null(ClientAddress.Of(Request(null, "203.0.113.7"), Trusted));

    private static DefaultHttpContext Request(IPAddress? peer, string? chain)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer;
        if (chain is not null)
        {
            context.Request.Headers["X-Forwarded-For"] = chain;
        }

        return context;
    }
}
