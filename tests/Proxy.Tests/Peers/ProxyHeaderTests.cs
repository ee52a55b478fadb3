using System.Net;
using BlueGreen.Proxy.Peers;

namespace BlueGreen.Proxy.Tests.Peers;

/// <summary>The rules of proxy-protocol.txt, by its sections.</summary>
public sealed class ProxyHeaderTests
{
    private const string Behind = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    /// <summary>Sections 2.1 and 2.2; null: the connection's own address.</summary>
    public static TheoryData<string, string?> Right => new()
    {
        { "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", "192.168.0.1:56324" },
        { "PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", "0.0.0.0:0" },
        { "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535" },
        { "PROXY TCP6 2001:db8::7 ::1 1 65535\r\n", "[2001:db8::7]:1" },
        { "PROXY TCP6 2001:DB8:0:0:0:0:0:7 2001:db8:0000::1 9 9\r\n", "[2001:db8::7]:9" },
        { "PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "[::ffff:192.0.2.1]:1" },
        {
            "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
            "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"
        },
        { "PROXY UNKNOWN\r\n", null },
        { "PROXY UNKNOWN whatever it is, \0 too\r\n", null },
        {
            "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
            null
        },
        { ProxyHeaderText.Client, "203.0.113.7:56324" },
        { ProxyHeaderText.Of(0x21, 0x21, ProxyHeaderText.Inet6), "[2001:db8::7]:56324" },
        { ProxyHeaderText.Of(0x21, 0x11, ProxyHeaderText.Inet + ProxyHeaderText.Tlv(0)), "203.0.113.7:56324" },
        { ProxyHeaderText.Of(0x21, 0x11, ProxyHeaderText.Inet + ProxyHeaderText.Tlv(5000)), "203.0.113.7:56324" },
        // Nobody reads them, so nobody minds that this is none.
        { ProxyHeaderText.Of(0x21, 0x21, ProxyHeaderText.Inet6 + "xyz"), "[2001:db8::7]:56324" },
        // LOCAL: whatever else it says.
        { ProxyHeaderText.Of(0x20, 0x00, ""), null },
        { ProxyHeaderText.Of(0x20, 0x11, ProxyHeaderText.Inet), null },
        { ProxyHeaderText.Of(0x20, 0xff, "short"), null },
        // Families and transports that have no address of TCP.
        { ProxyHeaderText.Of(0x21, 0x00, ""), null },
        { ProxyHeaderText.Of(0x21, 0x00, ProxyHeaderText.Tlv(10)), null },
        { ProxyHeaderText.Of(0x21, 0x10, ProxyHeaderText.Inet), null },
        { ProxyHeaderText.Of(0x21, 0x01, ProxyHeaderText.Inet), null },
        { ProxyHeaderText.Of(0x21, 0x12, ProxyHeaderText.Inet), null },
        { ProxyHeaderText.Of(0x21, 0x22, ProxyHeaderText.Inet6), null },
        { ProxyHeaderText.Of(0x21, 0x31, new string('/', 216)), null },
        { ProxyHeaderText.Of(0x21, 0x32, new string('/', 216)), null },
        { ProxyHeaderText.Of(0x21, 0x11, ProxyHeaderText.Inet + ProxyHeaderText.Tlv(16 * 1024 - 12 - 3)), "203.0.113.7:56324" },
    };

    [Theory]
    [MemberData(nameof(Right), DisableDiscoveryEnumeration = true)]
    public void A_header_tells_whom_the_connection_is_for_and_where_it_ends(string header, string? client)
    {
        foreach (var behind in (string[])["", "\n", Behind, header])
        {
            var read = Assert.IsType<ProxyHeader.Complete>(Read(header + behind));

            Assert.Equal(client is null ? null : IPEndPoint.Parse(client), read.Client);
            Assert.Equal(header.Length, read.Length);
        }
    }

    /// <summary>Where it is known before the last byte has come, that says so by its length.</summary>
    [Theory]
    [MemberData(nameof(Right), DisableDiscoveryEnumeration = true)]
    public void A_part_of_a_header_is_unfinished_byte_by_byte(string header, string? client)
    {
        for (var length = 0; length < header.Length; length++)
        {
            switch (Read(header[..length]))
            {
                case ProxyHeader.Unfinished:
                    break;
                case ProxyHeader.Complete read:
                    Assert.Equal((header.Length, client is null ? null : IPEndPoint.Parse(client)), (read.Length, read.Client));
                    break;
                case var read:
                    Assert.Fail($"{length} bytes: {read}");
                    break;
            }
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n")]
    [InlineData("P ")]
    [InlineData("PROXYTCP4 ")]
    [InlineData("PROXY\tTCP4 ")]
    [InlineData("proxy TCP4 192.0.2.7 192.0.2.1 1 2\r\n")]
    [InlineData(" PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("\r\n\r\n\0\r\nQUIT\r")]
    [InlineData("\r\nPROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n")]
    public void What_begins_otherwise_is_none(string bytes) =>
        Assert.Equal(new ProxyHeader.Malformed("it begins otherwise"), Read(bytes));

    [Theory]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4\r\n")]
    [InlineData("PROXY tcp4 192.0.2.7 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP5 192.0.2.7 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY UDP4 192.0.2.7 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY UNKNOWNS\r\n")]
    [InlineData("PROXY  TCP4 192.0.2.7 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4  192.0.2.7 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1 2 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1 2 3\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7,192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.256 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.07 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4 0xc0.0.2.7 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4 3221225991 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 ::1 1 2\r\n")]
    [InlineData("PROXY TCP4 ::1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 192.0.2.7 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP6 ::1 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 [::1]:80 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 ::1/128 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 1::2::3 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 1:2:3:4:5:6:7 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 12345::1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 : : 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 -1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 +1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 65536 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1 65536\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 01 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 00 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1 0x2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1 4294967298\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1 \u00b2\r\n")]
    public void A_line_of_another_form_is_none(string line) =>
        Assert.Equal(new ProxyHeader.Malformed("its line is not PROXY TCP4 or TCP6, two addresses, two ports"), Read(line + Behind));

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1 2\n")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1 2\rG")]
    [InlineData("PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\r\n")]
    [InlineData("PROXY UNKNOWN\n")]
    [InlineData("PROXY UNKNOWN a\rb\r\n")]
    public void A_line_that_ends_otherwise_is_none(string line) =>
        Assert.Equal(new ProxyHeader.Malformed("its line does not end with CR and LF"), Read(line));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    public void A_line_ends_within_107_bytes(int more)
    {
        var line = "PROXY UNKNOWN ".PadRight(107 - 2, 'x');

        Assert.IsType<ProxyHeader.Complete>(Read(line + "\r\n" + Behind));
        Assert.IsType<ProxyHeader.Unfinished>(Read(line + "\r"));
        Assert.Equal(new ProxyHeader.Malformed("its line does not end within 107 bytes"), Read(line + "x\r\n" + new string('x', more)));
        Assert.Equal(new ProxyHeader.Malformed("its line does not end within 107 bytes"), Read(line + "xx" + new string('x', more)));
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x31, 0x11, 12)]
    [InlineData(0x01, 0x11, 12)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(0x2f, 0x11, 12)]
    [InlineData(0x21, 0x41, 12)]
    [InlineData(0x21, 0xf1, 12)]
    [InlineData(0x21, 0x13, 12)]
    [InlineData(0x21, 0x1f, 12)]
    [InlineData(0x21, 0x11, 0)]
    [InlineData(0x21, 0x11, 11)]
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x11, 16 * 1024 + 1)]
    [InlineData(0x20, 0x00, 65_535)]
    public void Bytes_that_no_proxy_may_send_are_none(int command, int family, int length) =>
        Assert.IsType<ProxyHeader.Malformed>(Read(ProxyHeaderText.Of(command, family, new string('\0', length))));

    private static ProxyHeader Read(string bytes) => ProxyHeader.Read(ProxyHeaderText.BytesOf(bytes));
}
