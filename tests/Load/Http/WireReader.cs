using System.Net.Sockets;

namespace BlueGreen.Load.Http;

/// <summary>Reads lines and counted bytes from a socket, and names the way it ended when they do not come.</summary>
internal sealed class WireReader(Socket socket)
{
    private const int BufferSize = 16 * 1024;
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;

    /// <summary>Whether bytes were read that nobody took yet.</summary>
    public bool HasBuffered => _end > _start;

    /// <summary>Bytes taken since <see cref="BeginAnswer"/>; tells a close before an answer from one within it.</summary>
    public long Taken { get; private set; }

    /// <summary>Starts counting anew.</summary>
    public void BeginAnswer() => Taken = 0;

    /// <summary>The next line without its CRLF; valid until the next read.</summary>
    /// <exception cref="ExchangeFailedException">The stream ended, or the line has no CRLF or more than 16 KB.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync(CancellationToken cancel)
    {
        var scanned = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (found >= 0)
                return TakeLine(scanned + found);
            scanned = _end - _start;
            if (scanned == BufferSize)
                throw new ExchangeFailedException(FailureKind.Malformed, "a line of more than 16 KB");
            await FillAsync(cancel);
        }
    }

    /// <summary>Some bytes of the stream, at most <paramref name="most"/>; valid until the next read.</summary>
    /// <exception cref="ExchangeFailedException">The stream ended.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadSomeAsync(long most, CancellationToken cancel)
    {
        if (!HasBuffered)
            await FillAsync(cancel);
        return Take((int)Math.Min(most, _end - _start));
    }

    /// <summary>Some bytes of the stream, or none at its end; valid until the next read.</summary>
    /// <exception cref="ExchangeFailedException">The stream was reset.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadToCloseAsync(CancellationToken cancel)
    {
        if (!HasBuffered)
            await TryFillAsync(cancel);
        return Take(_end - _start);
    }

    private async ValueTask FillAsync(CancellationToken cancel)
    {
        if (!await TryFillAsync(cancel))
            throw Taken == 0 && !HasBuffered
                ? new ExchangeFailedException(FailureKind.Closed, "closed before the answer")
                : new ExchangeFailedException(FailureKind.Truncated, $"closed {Taken + _end - _start} bytes into the answer");
    }

    private async ValueTask<bool> TryFillAsync(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        try
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancel);
            _end += read;
            return read > 0;
        }
        catch (SocketException e)
        {
            throw new ExchangeFailedException(FailureKind.Reset, $"{e.SocketErrorCode} {Taken + _end - _start} bytes into the answer");
        }
    }

    private ReadOnlyMemory<byte> TakeLine(int newline)
    {
        if (newline == 0 || _buffer[_start + newline - 1] != '\r')
            throw new ExchangeFailedException(FailureKind.Malformed, "a line that ends without CR");
        return Take(newline + 1)[..^2];
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        var taken = _buffer.AsMemory(_start, count);
        _start += count;
        Taken += count;
        return taken;
    }
}
