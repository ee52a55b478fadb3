using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlueGreen.Proxy.Listeners;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>
/// Addresses a front listens on: <c>http://HOST:PORT</c> or <c>https://HOST:PORT</c>, where HOST is an IP address, <c>[IPv6 address]</c>,
/// <c>localhost</c> or <c>*</c> and PORT is 0 to 65535 (0: any free one).
/// <para>
/// Shorter: <c>127.0.0.1:8080</c> without the scheme; <c>8080</c> is <c>127.0.0.1:8080</c>, the default address with another
/// port; <c>:8080</c> is <c>*:8080</c>, as in most other servers.
/// </para>
/// <para>
/// <c>?proxyProtocol=required</c> behind an address: trusted proxies speak that protocol there.
/// </para>
/// <para>
/// <c>*</c> means every address of both families and becomes <c>http://[::]:PORT</c>, because a <see cref="Uri"/> cannot hold a
/// <c>*</c>: whoever listens makes <c>[::]</c> a dual-stack socket. <c>0.0.0.0</c> is IPv4 alone.
/// </para>
/// </summary>
internal static class ListenAddress
{
    private const string Forms = "write http://IP:PORT, http://localhost:PORT or http://*:PORT, or the same with https";

    /// <summary>Reads an address, or tells why not in one line that says what to write.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? error)
    {
        var option = text.IndexOf('?') is var mark and >= 0 ? text[mark..] : "";
        var (scheme, host, port) = ("", "", 0);
        error = option is "" or ListenOption.ProxyProtocol
            ? FindError(text[..^option.Length], out scheme, out host, out port)
            : $"'{option}' is no option of a listen address: the only one is {ListenOption.ProxyProtocol}";
        address = error is null ? new Uri(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{port}{option}")) : null;
        return address is not null;
    }

    /// <summary>The address as people write it: scheme, host, port and option, no slash between.</summary>
    public static string Format(Uri address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{address.Host}:{address.Port}{address.Query}");

    /// <summary>Whether its clients speak TLS.</summary>
    public static bool IsHttps(Uri address) => address.Scheme == Uri.UriSchemeHttps;

    /// <summary>
    /// Whether the two cannot be listened on at once: the same port, and one host includes the other. Port 0 never collides.
    /// </summary>
    public static bool Collide(Uri one, Uri other) =>
        one.Port == other.Port && one.Port != 0 && (Includes(one, other) || Includes(other, one));

    private static bool Includes(Uri one, Uri other) =>
        one.Host == other.Host
        || one.Host == "[::]"
        || (one.Host == "0.0.0.0" && (other.HostNameType == UriHostNameType.IPv4 || other.Host == "localhost"))
        || (one.Host == "localhost" && other.Host is "127.0.0.1" or "[::1]");

    private static string? FindError(string text, out string scheme, out string host, out int port)
    {
        (scheme, host, port) = (Uri.UriSchemeHttp, "", 0);
        var authority = text;
        if (text.IndexOf("://", StringComparison.Ordinal) is var end and >= 0)
        {
            authority = text[(end + 3)..];
            scheme = text[..end].ToLowerInvariant();
            if (scheme != Uri.UriSchemeHttp && scheme != Uri.UriSchemeHttps)
            {
                return $"'{scheme}' cannot be listened on: {Forms}";
            }

            // Only a URL ends in a slash without meaning anything by it.
            authority = authority.EndsWith('/') ? authority[..^1] : authority;
        }

        if (authority.IndexOfAny(['/', '#', '@']) is var extra and >= 0)
        {
            var what = authority[extra] switch { '/' => "a path", '#' => "a fragment", _ => "user info" };
            return $"a listen address has no room for {what}: {Forms}";
        }

        return SplitAuthority(authority, out host, out port);
    }

    private static string? SplitAuthority(string authority, out string host, out int port)
    {
        var colon = authority.EndsWith(']') ? -1 : authority.LastIndexOf(':');
        var (hostText, portText) = colon >= 0 ? (authority[..colon], authority[(colon + 1)..])
            : authority.All(char.IsAsciiDigit) ? ("127.0.0.1", authority)
            : (authority, "");
        port = 0;
        host = "";
        if (authority.Length == 0 || (portText.Length == 0 && IsHost(hostText, out _)))
        {
            return $"'{authority}' has no port: {Forms}";
        }

        if (!IsHost(hostText, out host))
        {
            return hostText.Contains(':') && !hostText.StartsWith('[')
                ? $"'{authority}' is no listen address: an IPv6 address goes in brackets, as in http://[::1]:8080"
                : $"'{hostText}' is neither an IP address, localhost nor *: {Forms}";
        }

        return int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort
            ? null
            : $"'{portText}' is not a port: it is a number from 0 to {IPEndPoint.MaxPort}";
    }

    private static bool IsHost(string text, out string host)
    {
        host = text switch
        {
            "" or "*" => "[::]",
            _ when text.Equals("localhost", StringComparison.OrdinalIgnoreCase) => "localhost",
            ['[', .. var inner, ']'] => IsAddress(inner, AddressFamily.InterNetworkV6, out var canonical) ? $"[{canonical}]" : "",
            // The comparison refuses forms such as 127.1 or 1, which the parser takes for addresses nobody meant.
            _ => IsAddress(text, AddressFamily.InterNetwork, out var canonical) && canonical == text ? text : "",
        };
        return host.Length > 0;
    }

    private static bool IsAddress(string text, AddressFamily family, out string canonical)
    {
        var valid = IPAddress.TryParse(text, out var address) && address.AddressFamily == family && !text.Contains('%');
        canonical = valid ? address!.ToString() : "";
        return valid;
    }
}
