using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Agent.Health;

/// <summary>Connections straight to a worker, for what the front itself asks of it.</summary>
internal static class WorkerSocket
{
    /// <summary>What asks a worker over connections straight to it: no proxy, no redirects followed, no header of its own.</summary>
    public static SocketsHttpHandler NewHandler(EndPoint worker) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = (_, cancel) => ConnectAsync(worker, cancel),
    };

    /// <summary>Connects to where a worker listens: a TCP end point or a Unix socket.</summary>
    /// <exception cref="SocketException">It does not.</exception>
    private static async ValueTask<Stream> ConnectAsync(EndPoint worker, CancellationToken cancel)
    {
        var socket = worker is IPEndPoint
            ? new Socket(worker.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(worker, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
