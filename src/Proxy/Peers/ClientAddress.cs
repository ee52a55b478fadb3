using System.Net;
using BlueGreen.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Peers;

/// <summary>
/// Whom a request comes from: the peer, or, where that is a trusted proxy, whom it says in X-Forwarded-For, and so on from right to left
/// up to the first address that is not trusted. What stands left of that anybody may have written.
/// </summary>
internal static class ClientAddress
{
    /// <summary>The address, IPv4 as such; null only where the peer has none.</summary>
    public static IPAddress? Of(HttpContext context, TrustedProxies trusted)
    {
        var client = Plain(context.Connection.RemoteIpAddress);
        if (!trusted.Trust(client))
        {
            return client;
        }

        foreach (var entry in string.Join(',', context.Request.Headers[ForwardedHeaders.For].AsEnumerable()).Split(',').Reverse())
        {
            // Some proxies write the port too.
            if (!IPEndPoint.TryParse(entry.Trim(), out var said))
            {
                break;
            }

            client = Plain(said.Address);
            if (!trusted.Trust(client))
            {
                break;
            }
        }

        return client;
    }

    /// <summary>IPv4 as such, also where a listener for both families saw it mapped into IPv6.</summary>
    public static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
