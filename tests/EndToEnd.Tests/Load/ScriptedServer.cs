using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlueGreen.EndToEnd.Tests.Load;

/// <summary>A TCP server that answers each request with whatever bytes and ending the test wants, however wrong.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<int, string, Task<Reply>> _script;
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _requests;

    /// <summary>Starts it. The script gets the number of the request, from 1 over all connections, and its text.</summary>
    public ScriptedServer(Func<int, string, Task<Reply>> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Starts one that gives request number <paramref name="number"/> that reply and all others a good one.</summary>
    public ScriptedServer(int number, Reply reply)
        : this((request, _) => Task.FromResult(request == number ? reply : Reply.Good))
    {
    }

    /// <summary>Starts one without a fault.</summary>
    public ScriptedServer()
        : this((_, _) => Task.FromResult(Reply.Good))
    {
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Requests that arrived whole.</summary>
    public int Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        try
        {
            while (await ReadRequestAsync(socket) is { } request)
            {
                var reply = await _script(Interlocked.Increment(ref _requests), request).WaitAsync(_stop.Token);
                await socket.SendAsync(Encoding.Latin1.GetBytes(reply.Bytes), _stop.Token);
                if (reply.Ending == Ending.Keep)
                    continue;
                await EndAsync(socket, reply.Ending);
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The client or the test is gone.
        }
    }

    private async Task EndAsync(Socket socket, Ending ending)
    {
        if (ending == Ending.Reset)
        {
            socket.LingerState = new LingerOption(true, 0);
            return;
        }
        if (ending == Ending.Close)
            socket.Shutdown(SocketShutdown.Send);
        // A socket closed with unread bytes would send a reset, so whatever else the client says is read.
        await ReadToEndAsync(socket);
        if (ending == Ending.TalkAfterTheEnd)
            await socket.SendAsync(Encoding.Latin1.GetBytes(Reply.Good.Bytes), _stop.Token);
    }

    private async Task ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, _stop.Token) > 0)
        {
            // Not of interest.
        }
    }

    /// <summary>A whole request, head and body; null where the client has closed.</summary>
    private async Task<string?> ReadRequestAsync(Socket socket)
    {
        var text = "";
        var buffer = new byte[4096];
        while (!IsWhole(text))
        {
            var read = await socket.ReceiveAsync(buffer, _stop.Token);
            if (read == 0)
                return null;
            text += Encoding.Latin1.GetString(buffer, 0, read);
        }
        return text;
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var length = text[..end].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
        return text.Length >= end + 4 + (length is null ? 0 : int.Parse(length["Content-Length: ".Length..]));
    }
}
