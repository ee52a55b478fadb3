using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Networks of addresses as people write them: <c>10.0.0.0/8</c>, <c>fd00::/8</c>, or a single address.</summary>
internal static class NetworkText
{
    private const string Forms = "write for example 10.0.0.0/8, fd00::/8 or 192.0.2.7";

    /// <summary>Reads a network, or tells why not in one line that says what to write.</summary>
    public static bool TryParse(string text, out IPNetwork network, out string problem)
    {
        var slash = text.IndexOf('/');
        var (addressText, lengthText) = slash < 0 ? (text, null) : (text[..slash], text[(slash + 1)..]);
        (network, problem) = (default, "");
        if (!TryParseAddress(addressText, out var address))
        {
            problem = $"'{text}' is neither an address nor a network: {Forms}";
            return false;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (lengthText is not null && (!int.TryParse(lengthText, NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"'{text}' needs a number from 0 to {bits} behind the '/'");
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            problem = $"'{text}' is an IPv4 address written as IPv6: write {address.MapToIPv4()}";
            return false;
        }

        var first = FirstOf(address, length);
        if (!first.Equals(address))
        {
            problem = string.Create(
                CultureInfo.InvariantCulture, $"'{text}' is an address within a network: write {first}/{length} for that, {address} for the address alone");
            return false;
        }

        network = new IPNetwork(address, length);
        return true;
    }

    /// <summary>As it is written best: without a prefix where it is one address.</summary>
    public static string Format(IPNetwork network) =>
        network.PrefixLength == (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            ? network.BaseAddress.ToString()
            : network.ToString();

    /// <summary>The comparison refuses forms of IPv4 such as 10.1 or 010.0.0.1, which the parser takes for addresses nobody meant.</summary>
    private static bool TryParseAddress(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!) && !text.AsSpan().ContainsAny('[', '%')
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);

    /// <summary>The address with nothing but zeros behind so many bits.</summary>
    private static IPAddress FirstOf(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(length - 8 * i, 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
