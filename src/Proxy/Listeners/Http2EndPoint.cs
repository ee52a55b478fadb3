using System.Net;

namespace BlueGreen.Proxy.Listeners;

/// <summary>
/// The in-process end point that connections are handed to once they have shown that they speak HTTP/2 without TLS.
/// </summary>
internal sealed class Http2EndPoint : EndPoint
{
    public override string ToString() => "h2c";
}
