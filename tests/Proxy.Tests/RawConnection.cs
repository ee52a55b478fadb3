using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlueGreen.Proxy.Tests;

/// <summary>
/// One end of a connection, seen as bytes (Latin-1, so that every byte is a character). Used on both sides of the front. Every
/// wait ends with the test.
/// </summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    public static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public static async Task<RawConnection> OpenAsync(IPEndPoint to)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, TestEnds);
            return new RawConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, TestEnds)..];
        }
    }

    /// <summary>One message's start line and fields, with the empty line that ends them.</summary>
    public Task<string> ReadHeadAsync() => ReadThroughAsync("\r\n\r\n");

    /// <summary>A head and the body its Content-Length announces.</summary>
    public async Task<string> ReadMessageAsync()
    {
        var head = await ReadHeadAsync();
        return head + await ReadAsync(int.Parse(head.Field("Content-Length")!, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Everything up to and with a text.</summary>
    /// <exception cref="EndOfStreamException">The peer ended the connection before.</exception>
    public async Task<string> ReadThroughAsync(string last)
    {
        var text = new StringBuilder();
        while (!EndsWith(text, last))
        {
            text.Append(await NextAsync() ?? throw new EndOfStreamException($"ended before '{last}', after '{text}'"));
        }

        return text.ToString();
    }

    /// <summary>Exactly as many bytes.</summary>
    public async Task<string> ReadAsync(int count)
    {
        var text = new StringBuilder(count);
        while (text.Length < count)
        {
            text.Append(await NextAsync() ?? throw new EndOfStreamException($"ended after {text.Length} of {count} bytes"));
        }

        return text.ToString();
    }

    /// <summary>All bytes until the peer ends the connection, by a close or a reset.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        while (await NextAsync() is { } next)
        {
            text.Append(next);
        }

        return text.ToString();
    }

    /// <summary>Says that nothing more will be written.</summary>
    public void EndWriting() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset, unless it has ended.</summary>
    public void Abort()
    {
        if (!socket.SafeHandle.IsClosed)
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
    }

    public void Dispose() => socket.Dispose();

    private static bool EndsWith(StringBuilder text, string last)
    {
        if (text.Length < last.Length)
        {
            return false;
        }

        for (var i = 1; i <= last.Length; i++)
        {
            if (text[^i] != last[^i])
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<char?> NextAsync()
    {
        if (_start == _end)
        {
            try
            {
                _start = 0;
                _end = await socket.ReceiveAsync(_buffer, TestEnds);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                _end = 0;
            }
        }

        return _end == 0 ? null : (char)_buffer[_start++];
    }
}
