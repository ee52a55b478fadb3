using System.Net;
using System.Text;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>Makes the client of one backend: a plain pipe that adds nothing, follows nothing, keeps nothing and repeats nothing.</summary>
internal static class BackendHttpClient
{
    /// <summary>
    /// Below the shortest keep-alive of common servers (gunicorn 2 s, Node 5 s): a pooled connection the worker is about to
    /// close is not used for a request that could then not be sent again.
    /// </summary>
    private static readonly TimeSpan PooledConnectionIdle = TimeSpan.FromSeconds(1.5);

    public static HttpMessageInvoker Create(BackendAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = PooledConnectionIdle,
            // A worker limits the streams of one connection; a further call would wait for one of them to end, which may be never.
            EnableMultipleHttp2Connections = true,
            // The dial has a limit of its own, whose end tells itself apart from an answer that is late.
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = new BackendDial(address).ConnectAsync,
            // Header bytes pass as they came, also those that are not ASCII (RFC 9110, 5.5: obs-text).
            RequestHeaderEncodingSelector = static (name, request) =>
            {
                SendOnce.OnHeader(name, request);
                return Encoding.Latin1;
            },
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        };
        return new HttpMessageInvoker(new UnbufferedUploads(handler), disposeHandler: true);
    }
}
