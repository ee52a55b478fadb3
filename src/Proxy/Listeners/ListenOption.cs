namespace BlueGreen.Proxy.Listeners;

/// <summary>What the URL of a listener may ask for besides its address.</summary>
public static class ListenOption
{
    /// <summary>Connections of trusted proxies begin with a header of the PROXY protocol, which tells whom they are for.</summary>
    public const string ProxyProtocol = "?proxyProtocol=required";

    /// <summary>Whether this URL asks for <see cref="ProxyProtocol"/>.</summary>
    public static bool AsksForProxyProtocol(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.Query == ProxyProtocol;
    }
}
