using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlueGreen.Agent.Tests.Health;

/// <summary>Answers each connection with bytes a test chose by the request's first line; null stays silent.</summary>
internal sealed class RawWorker : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Task _accepting;

    private RawWorker(EndPoint endPoint, Func<string, string?> answer)
    {
        _listener = endPoint is IPEndPoint
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(endPoint);
        _listener.Listen();
        EndPoint = endPoint is IPEndPoint ? _listener.LocalEndPoint! : endPoint;
        _accepting = AcceptAsync(answer);
    }

    public EndPoint EndPoint { get; }

    /// <summary>The requests so far, each its whole head.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public static RawWorker Start(Func<string, string?> answer, EndPoint? endPoint = null) =>
        new(endPoint ?? new IPEndPoint(IPAddress.Loopback, 0), answer);

    public static RawWorker Answering(int status, EndPoint? endPoint = null) => Start(_ => Answer(status), endPoint);

    public static string Answer(int status) => $"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n";

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync(Func<string, string?> answer)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_over.Token), answer);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket connection, Func<string, string?> answer)
    {
        using (connection)
        {
            try
            {
                var head = new StringBuilder();
                var buffer = new byte[4096];
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var read = await connection.ReceiveAsync(buffer, _over.Token);
                    if (read == 0)
                    {
                        return;
                    }

                    head.Append(Encoding.ASCII.GetString(buffer, 0, read));
                }

                _asked.Enqueue(head.ToString());
                if (answer(head.ToString().Split("\r\n")[0]) is { } bytes)
                {
                    await connection.SendAsync(Encoding.ASCII.GetBytes(bytes), _over.Token);
                    connection.Shutdown(SocketShutdown.Send);
                    // Until the other side closes: a reset must not overtake the answer.
                    await connection.ReceiveAsync(buffer, _over.Token);
                }
                else
                {
                    await Task.Delay(Timeout.Infinite, _over.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
            }
        }
    }
}
