using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Proxy.Peers;

/// <summary>
/// The peers that are taken for proxies in front of the front: what they say of their clients is believed. Of everybody else it is not, since
/// anybody can say anything.
/// </summary>
public sealed class TrustedProxies
{
    private const int BitsBeforeMapped = 96;

    private readonly IPNetwork[] _networks;

    /// <summary>Trusts all addresses of these networks.</summary>
    public TrustedProxies(IReadOnlyList<IPNetwork> networks)
    {
        Networks = networks;
        // A listener for both families sees IPv4 addresses mapped into IPv6 (RFC 4291, 2.5.5.2).
        _networks = [.. networks, .. networks.Where(network => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
            .Select(network => new IPNetwork(network.BaseAddress.MapToIPv6(), BitsBeforeMapped + network.PrefixLength))];
    }

    /// <summary>The default: whoever connects from this machine, which is a TLS terminator or a health check rather than a client.</summary>
    public static TrustedProxies ThisMachine { get; } = new([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")]);

    /// <summary>The networks, as they were given.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; }

    /// <summary>Whether a peer with this address is believed. One without an address is not: there is nothing to tell it by.</summary>
    public bool Trust(IPAddress? peer)
    {
        if (peer is null)
        {
            return false;
        }

        foreach (var network in _networks)
        {
            if (network.Contains(peer))
            {
                return true;
            }
        }

        return false;
    }
}
