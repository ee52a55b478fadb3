using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Load.Http;

/// <summary>
/// One TCP connection that speaks HTTP/1.1 and hides nothing: no retry, no second connection, every close and reset is an
/// <see cref="ExchangeFailedException"/>. For one caller at a time.
/// </summary>
public sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly WireReader _wire;
    private readonly AnswerReader _answers;

    private HttpConnection(Socket socket, bool keepBodies)
    {
        _socket = socket;
        _wire = new WireReader(socket);
        _answers = new AnswerReader(_wire, keepBodies);
    }

    /// <summary>Connects to the host and port of an address.</summary>
    /// <param name="address">An <c>http</c> address; its path is not used.</param>
    /// <param name="keepBodies">Whether answers hold their bodies; otherwise only their length.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ExchangeFailedException">Nobody listens there, or the host is not reached.</exception>
    public static async Task<HttpConnection> ConnectAsync(Uri address, bool keepBodies = true, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (IPAddress.TryParse(address.DnsSafeHost, out var ip))
                await socket.ConnectAsync(new IPEndPoint(ip, address.Port), cancel);
            else
                await socket.ConnectAsync(address.DnsSafeHost, address.Port, cancel);
            return new HttpConnection(socket, keepBodies);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is not SocketException failure)
                throw;
            var kind = failure.SocketErrorCode == SocketError.ConnectionRefused ? FailureKind.Refused : FailureKind.ConnectFailed;
            throw new ExchangeFailedException(kind, $"{address.Authority}: {failure.Message}");
        }
    }

    /// <summary>Sends a whole request and reads its answer.</summary>
    /// <exception cref="ExchangeFailedException">
    /// There is no whole, well-formed answer, or the connection was closed or talked on its own before the request.
    /// </exception>
    public async ValueTask<HttpAnswer> ExchangeAsync(ReadOnlyMemory<byte> request, CancellationToken cancel = default)
    {
        CheckQuiet();
        await SendAsync(request, cancel);
        return await ReadAnswerAsync(cancel);
    }

    /// <summary>Sends bytes as they are.</summary>
    /// <exception cref="ExchangeFailedException">The server closed or reset the connection.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel = default)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancel)..];
        }
        catch (SocketException e)
        {
            // EPIPE: the server's close had arrived before its reset did.
            var kind = e.SocketErrorCode == SocketError.Shutdown ? FailureKind.Closed : FailureKind.Reset;
            throw new ExchangeFailedException(kind, $"{e.SocketErrorCode} while the request was sent");
        }
    }

    /// <summary>Reads one answer to the end of its body.</summary>
    /// <exception cref="ExchangeFailedException">The answer is not whole or not well-formed.</exception>
    public ValueTask<HttpAnswer> ReadAnswerAsync(CancellationToken cancel = default) => _answers.ReadAsync(cancel);

    /// <summary>Says that no request follows and waits until the server closes too.</summary>
    /// <exception cref="ExchangeFailedException">More bytes came, or a reset.</exception>
    public async ValueTask FinishAsync(CancellationToken cancel = default)
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Already closed by the server; what it left behind is read below.
        }
        if (!(await _wire.ReadToCloseAsync(cancel)).IsEmpty)
            throw Surplus();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void CheckQuiet()
    {
        if (_wire.HasBuffered)
            throw Surplus();
        if (!_socket.Poll(0, SelectMode.SelectRead))
            return;
        try
        {
            throw _socket.Receive(new byte[1]) > 0
                ? Surplus()
                : new ExchangeFailedException(FailureKind.Closed, "closed between two requests");
        }
        catch (SocketException e)
        {
            throw new ExchangeFailedException(FailureKind.Reset, $"{e.SocketErrorCode} between two requests");
        }
    }

    private static ExchangeFailedException Surplus() => new(FailureKind.Surplus, "bytes behind the end of the answer");
}
