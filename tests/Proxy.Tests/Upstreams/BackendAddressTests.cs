using System.Net;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests.Upstreams;

public sealed class BackendAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:41234", "http://127.0.0.1:41234")]
    [InlineData("[::1]:80", "http://[::1]:80")]
    public void A_tcp_address_reads_as_the_url_a_worker_listens_on(string endPoint, string url)
    {
        var address = BackendAddress.ForTcp(IPEndPoint.Parse(endPoint));

        Assert.Equal(url, address.ToString());
        Assert.Equal(url, address.UrlPrefix);
    }

    [Fact]
    public void A_unix_address_reads_as_kestrel_takes_it_and_never_as_a_name_to_look_up()
    {
        var address = BackendAddress.ForUnix("/run/web.1.1.sock");

        Assert.Equal("http://unix:/run/web.1.1.sock", address.ToString());
        Assert.Equal("http://localhost", address.UrlPrefix);
    }

    [Fact]
    public void Addresses_are_equal_by_value()
    {
        Assert.Equal(BackendAddress.ForUnix("/a"), BackendAddress.ForUnix("/a"));
        Assert.NotEqual(BackendAddress.ForUnix("/a"), BackendAddress.ForUnix("/b"));
        Assert.Equal(
            BackendAddress.ForTcp(new IPEndPoint(IPAddress.Loopback, 1)), BackendAddress.ForTcp(new IPEndPoint(IPAddress.Loopback, 1)));
    }
}
