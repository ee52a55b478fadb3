using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlueGreen.Proxy.Peers;

/// <summary>Version 1 of the PROXY protocol, a line for people to read (2.1): PROXY TCP4 SOURCE DESTINATION PORT PORT.</summary>
internal static class ProxyHeaderLine
{
    private const int LongestPort = 5;

    /// <summary>The parser of .NET takes more for an address: ports, brackets, scopes.</summary>
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF.:");

    private static ReadOnlySpan<byte> Name => "PROXY "u8;

    /// <summary>Whether these bytes, as far as they have come, are its beginning.</summary>
    public static bool Begins(ReadOnlySpan<byte> seen) =>
        seen.Length < Name.Length ? Name.StartsWith(seen) : seen.StartsWith(Name);

    public static ProxyHeader Read(ReadOnlySpan<byte> seen)
    {
        seen = seen[..Math.Min(seen.Length, ProxyHeader.Enough)];
        var end = seen.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0 || (end == seen.Length - 1 && seen[end] == '\r'))
        {
            return seen.Length < ProxyHeader.Enough
                ? new ProxyHeader.Unfinished()
                : new ProxyHeader.Malformed(string.Create(CultureInfo.InvariantCulture, $"its line does not end within {ProxyHeader.Enough} bytes"));
        }

        if (seen[end] == '\n' || seen[end + 1] != '\n')
        {
            return new ProxyHeader.Malformed("its line does not end with CR and LF");
        }

        var words = Encoding.Latin1.GetString(seen[Name.Length..end]).Split(' ');
        var length = end + 2;
        // What stands behind UNKNOWN is to be ignored.
        return words is ["UNKNOWN", ..] ? new ProxyHeader.Complete(length, null)
            : words is [var family, var source, var destination, var sourcePort, var destinationPort]
                && FamilyOf(family) is { } expected
                && AddressOf(source, expected) is { } address && AddressOf(destination, expected) is not null
                && PortOf(sourcePort) is { } port && PortOf(destinationPort) is not null
                ? new ProxyHeader.Complete(length, new IPEndPoint(address, port))
                : new ProxyHeader.Malformed("its line is not PROXY TCP4 or TCP6, two addresses, two ports");
    }

    private static AddressFamily? FamilyOf(string word) => word switch
    {
        "TCP4" => AddressFamily.InterNetwork,
        "TCP6" => AddressFamily.InterNetworkV6,
        _ => null,
    };

    /// <summary>Only in the canonical form; that of IPv4 is the one .NET writes.</summary>
    private static IPAddress? AddressOf(string word, AddressFamily family) =>
        !word.AsSpan().ContainsAnyExcept(AddressCharacters) && IPAddress.TryParse(word, out var address) && address.AddressFamily == family
            && (family == AddressFamily.InterNetworkV6 || address.ToString() == word)
            ? address
            : null;

    private static int? PortOf(string word) =>
        word.Length <= LongestPort && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port <= IPEndPoint.MaxPort && (word[0] != '0' || word.Length == 1)
            ? port
            : null;
}
