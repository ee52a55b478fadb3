using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.Benchmarks.Traffic;

/// <summary>
/// The app for what the fast web server cannot do: takes bodies and throws them away, and echoes WebSockets. It knows no more of HTTP than
/// that needs, so that it costs little.
/// </summary>
internal static class ToolServer
{
    private const int BufferBytes = 256 * 1024;
    private static readonly byte[] Ok = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"u8.ToArray();

    /// <summary>Serves where the variables SOCKET and PORT say, until it is stopped.</summary>
    public static async Task RunAsync(CancellationToken stop)
    {
        var path = Environment.GetEnvironmentVariable("SOCKET");
        using var listener = string.IsNullOrEmpty(path)
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(string.IsNullOrEmpty(path)
            ? new IPEndPoint(IPAddress.Loopback, int.Parse(Environment.GetEnvironmentVariable("PORT")!, CultureInfo.InvariantCulture))
            : new UnixDomainSocketEndPoint(path));
        listener.Listen(4096);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptAsync(stop), stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        using var connection = socket;
        if (socket.AddressFamily == AddressFamily.InterNetwork)
            socket.NoDelay = true;
        var buffer = new byte[BufferBytes];
        var filled = 0;
        try
        {
            while (true)
            {
                int head;
                while ((head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
                {
                    var received = await socket.ReceiveAsync(buffer.AsMemory(filled), stop);
                    if (received == 0)
                        return;
                    filled += received;
                }
                var text = Encoding.Latin1.GetString(buffer, 0, head + 2);
                filled -= head + 4;
                buffer.AsSpan(head + 4, filled).CopyTo(buffer);
                if (Field(text, "Sec-WebSocket-Key") is { } key)
                {
                    await EchoAsync(socket, key, buffer, filled, stop);
                    return;
                }
                var left = long.Parse(Field(text, "Content-Length") ?? "0", CultureInfo.InvariantCulture) - filled;
                filled = 0;
                while (left > 0)
                {
                    var received = await socket.ReceiveAsync(buffer.AsMemory(), stop);
                    if (received == 0)
                        return;
                    left -= received;
                }
                await socket.SendAsync(Ok, stop);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The other side is gone, or this one ends.
        }
    }

    private static async Task EchoAsync(Socket socket, string key, byte[] buffer, int filled, CancellationToken stop)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {Accept(key)}\r\n\r\n"), stop);
        while (true)
        {
            WebSocketFrame.Echo(buffer.AsMemory(0, filled), out var used, out var echo);
            if (used > 0)
            {
                await socket.SendAsync(echo, stop);
                filled -= used;
                buffer.AsSpan(used, filled).CopyTo(buffer);
                continue;
            }
            var received = await socket.ReceiveAsync(buffer.AsMemory(filled), stop);
            if (received == 0)
                return;
            filled += received;
        }
    }

    private static string? Field(string head, string name)
    {
        var at = head.IndexOf($"\n{name}:", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : head[(at + name.Length + 2)..head.IndexOf('\r', at)].Trim();
    }

#pragma warning disable CA5350 // RFC 6455, 4.2.2 wants SHA-1; it protects nothing.
    private static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
