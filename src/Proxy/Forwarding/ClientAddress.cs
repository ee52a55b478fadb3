using System.Net;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>Whose request it is, for everything that is told of it.</summary>
internal static class ClientAddress
{
    /// <summary>The address of the connection, an IPv4 address as such; null where it has none.</summary>
    public static IPAddress? Of(HttpContext context) => context.Connection.RemoteIpAddress is { } address && address.IsIPv4MappedToIPv6
        ? address.MapToIPv4()
        : context.Connection.RemoteIpAddress;
}
