using System.Net;
using System.Net.Sockets;
using System.Text;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>Makes the client of one backend: a plain pipe that adds nothing, follows nothing and keeps nothing.</summary>
internal static class BackendHttpClient
{
    /// <summary>
    /// Below the shortest keep-alive of common servers (gunicorn 2 s, Node 5 s): a pooled connection the worker is about to
    /// close is not used for a request that could then not be sent again.
    /// </summary>
    private static readonly TimeSpan PooledConnectionIdle = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(2);

    public static HttpMessageInvoker Create(BackendAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = Connect,
            PooledConnectionIdleTimeout = PooledConnectionIdle,
            // Header bytes pass as they came, also those that are not ASCII (RFC 9110, 5.5: obs-text).
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        };
        if (address.UnixPath is { } path)
        {
            handler.ConnectCallback = (_, cancel) => ConnectUnixAsync(path, cancel);
        }

        return new HttpMessageInvoker(new UnbufferedUploads(handler), disposeHandler: true);
    }

    private static async ValueTask<Stream> ConnectUnixAsync(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
