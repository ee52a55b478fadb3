using System.Net;
using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Proxy.Peers;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>Reads <c>trustedProxies</c>: one network or a list of them, each once; an empty list trusts nobody.</summary>
internal static class TrustedProxiesReader
{
    private static readonly ValueReader<IReadOnlyList<IPNetwork>> List = ListReaders.Of(
        ReadNetwork, (earlier, later) => earlier.Equals(later) ? $"{NetworkText.Format(later)} is listed twice" : null);

    /// <summary>See <see cref="TrustedProxies"/>.</summary>
    public static ValueReader<TrustedProxies> Networks { get; } = value =>
        List(value).TryGet(out var networks) ? ReadResult<TrustedProxies>.Of(new TrustedProxies(networks)) : ReadResult<TrustedProxies>.Reported;

    private static ReadResult<IPNetwork> ReadNetwork(ConfigurationValue value)
    {
        if (!value.TryGetText("a network such as 10.0.0.0/8", out var text))
        {
            return ReadResult<IPNetwork>.Reported;
        }

        return NetworkText.TryParse(text, out var network, out var problem)
            ? ReadResult<IPNetwork>.Of(network)
            : value.Fail<IPNetwork>(problem);
    }
}
