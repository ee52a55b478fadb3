using System.Net;
using System.Net.Sockets;
using BlueGreen.Proxy.Listeners;

namespace BlueGreen.Proxy.Tests.Listeners;

public sealed class ListeningSocketTests
{
    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:0")]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::1]:0")]
    [InlineData("http://[::]:0")]
    public void Port_zero_takes_a_free_port_and_says_which(string url)
    {
        using var socket = ListeningSocket.Open(new Uri(url));

        Assert.NotEqual(0, socket.Url.Port);
        Assert.Equal(new Uri(url).Host, socket.Url.Host);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("http://[::]:0", "127.0.0.1")]
    [InlineData("http://[::]:0", "::1")]
    [InlineData("http://0.0.0.0:0", "127.0.0.1")]
    [InlineData("http://localhost:0", "127.0.0.1")]
    public async Task A_connection_is_taken_from_the_moment_the_port_is_open(string url, string from)
    {
        using var socket = ListeningSocket.Open(new Uri(url));

        using var client = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Parse(from), socket.Url.Port));
    }

    [Fact]
    public void A_port_in_use_is_named_with_what_to_do()
    {
        using var first = ListeningSocket.Open(new Uri("http://127.0.0.1:0"));

        var refusal = Assert.Throws<ListenException>(() => ListeningSocket.Open(first.Url));

        var url = first.Url.GetLeftPart(UriPartial.Authority);
        Assert.StartsWith($"cannot listen on {url}: port {first.Url.Port} is already in use", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ss -ltnp", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void An_address_of_another_machine_is_named_with_what_to_do()
    {
        var refusal = Assert.Throws<ListenException>(() => ListeningSocket.Open(new Uri("http://192.0.2.1:8080")));

        Assert.Equal(
            "cannot listen on http://192.0.2.1:8080: this machine does not have that address; 'ip address' lists the ones it has",
            refusal.Message);
    }

    [Fact]
    public void A_name_that_is_no_address_is_named_with_what_to_do()
    {
        var refusal = Assert.Throws<ListenException>(() => ListeningSocket.Open(new Uri("http://shop.example:8080")));

        Assert.StartsWith("cannot listen on http://shop.example:8080: 'shop.example' is not an IP address", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_closed_port_refuses_connections_and_can_be_opened_again()
    {
        Uri url;
        using (var socket = ListeningSocket.Open(new Uri("http://127.0.0.1:0")))
        {
            url = socket.Url;
        }

        await Assert.ThrowsAsync<SocketException>(() => RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, url.Port)));
        using var again = ListeningSocket.Open(url);
        Assert.Equal(url, again.Url);
    }
}
