using System.Net;
using BlueGreen.Proxy.Forwarding;
using BlueGreen.Proxy.Peers;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Forwarding;

/// <summary>Peers of all kinds; a test's own connections only ever come from this machine.</summary>
public sealed class ForwardedHeadersTests
{
    [Theory]
    [InlineData("198.51.100.9", "198.51.100.9")]
    [InlineData("2001:db8::9", "2001:db8::9")]
    [InlineData("::ffff:198.51.100.9", "198.51.100.9")]
    public void What_a_client_on_another_machine_claims_is_replaced(string peer, string expected)
    {
        var headers = Apply(peer, ("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"),
            ("Forwarded", "for=10.0.0.1"));

        Assert.Equal(expected, headers["X-Forwarded-For"]);
        Assert.Equal("http", headers["X-Forwarded-Proto"]);
        Assert.Equal("shop.example.com:8080", headers["X-Forwarded-Host"]);
        Assert.False(headers.ContainsKey("Forwarded"));
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.1.2.3", "127.1.2.3")]
    [InlineData("::1", "::1")]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    public void What_a_peer_on_this_machine_says_is_kept_and_added_to(string peer, string expected)
    {
        var headers = Apply(peer, ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "shop.example.com"), ("Forwarded", "for=203.0.113.7"));

        Assert.Equal($"203.0.113.7, {expected}", headers["X-Forwarded-For"]);
        Assert.Equal("https", headers["X-Forwarded-Proto"]);
        Assert.Equal("shop.example.com", headers["X-Forwarded-Host"]);
        Assert.Equal("for=203.0.113.7", headers["Forwarded"]);
    }

    [Theory]
    [InlineData("10.1.2.3", "203.0.113.7, 10.1.2.3")]
    [InlineData("::ffff:10.1.2.3", "203.0.113.7, 10.1.2.3")]
    [InlineData("fd00::7", "203.0.113.7, fd00::7")]
    [InlineData("11.1.2.3", "11.1.2.3")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    public void Those_that_are_named_as_trusted_are_believed_and_nobody_else(string peer, string expected)
    {
        var trusted = new TrustedProxies([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")]);

        Assert.Equal(expected, Apply(peer, new HostString("a"), trusted, ("X-Forwarded-For", "203.0.113.7"))["X-Forwarded-For"]);
    }

    [Fact]
    public void A_peer_without_an_address_is_not_believed()
    {
        Assert.False(Apply(null, ("X-Forwarded-For", "203.0.113.7")).ContainsKey("X-Forwarded-For"));
        Assert.False(Apply(null).ContainsKey("X-Forwarded-For"));
    }

    [Fact]
    public void An_empty_chain_is_no_chain() =>
        Assert.Equal("127.0.0.1", Apply("127.0.0.1", ("X-Forwarded-For", ""))["X-Forwarded-For"]);

    [Fact]
    public void A_request_without_a_host_claims_none()
    {
        var headers = Apply("198.51.100.9", host: default, TrustedProxies.ThisMachine, ("X-Forwarded-Host", "evil.example"));

        Assert.False(headers.ContainsKey("X-Forwarded-Host"));
    }

    private static Dictionary<string, string> Apply(string? peer, params (string Name, string Value)[] claims) =>
        Apply(peer, new HostString("shop.example.com", 8080), TrustedProxies.ThisMachine, claims);

    private static Dictionary<string, string> Apply(
        string? peer, HostString host, TrustedProxies trusted, params (string Name, string Value)[] claims)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        context.Request.Scheme = "http";
        context.Request.Host = host;
        using var message = new HttpRequestMessage();
        foreach (var (name, value) in claims)
        {
            context.Request.Headers[name] = value;
            message.Headers.TryAddWithoutValidation(name, value);
        }

        ForwardedHeaders.Apply(context, message, trusted);

        return message.Headers.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToString());
    }
}
