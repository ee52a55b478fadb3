using System.Text;

namespace BlueGreen.Proxy.Tests.Peers;

/// <summary>Headers of the PROXY protocol, version 2, as texts of Latin-1 characters.</summary>
internal static class ProxyHeaderText
{
    public const string Signature = "\r\n\r\n\0\r\nQUIT\n";

    /// <summary>The source 203.0.113.7, the destination 192.0.2.1, the ports 56324 and 443.</summary>
    public const string Inet = "\u00cb\0\u0071\u0007\u00c0\0\u0002\u0001\u00dc\u0004\u0001\u00bb";

    /// <summary>The source 2001:db8::7, the destination 2001:db8::1, the ports 56324 and 443.</summary>
    public const string Inet6 =
        "\u0020\u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0007\u0020\u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001\u00dc\u0004\u0001\u00bb";

    /// <summary>A header with this version and command, family and transport, addresses and TLVs.</summary>
    public static string Of(int command, int family, string rest) =>
        $"{Signature}{(char)command}{(char)family}{(char)(rest.Length >> 8)}{(char)(rest.Length & 0xff)}{rest}";

    /// <summary>For a client at 203.0.113.7.</summary>
    public static string Client { get; } = Of(0x21, 0x11, Inet);

    /// <summary>What it tells besides (2.2): NOOP, 3 bytes and as many as asked for.</summary>
    public static string Tlv(int bytes) => $"\u0004{(char)(bytes >> 8)}{(char)(bytes & 0xff)}{new string('\u00ff', bytes)}";

    public static byte[] BytesOf(string header) => Encoding.Latin1.GetBytes(header);
}
