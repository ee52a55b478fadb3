using System.Collections.Concurrent;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests;

/// <summary>
/// A worker that counts what reaches it. It answers so many requests with an empty page; each one after those it reads, and ends
/// the connection instead of an answer.
/// </summary>
internal sealed class MortalBackend : IDisposable
{
    private readonly RawBackend _listener = RawBackend.OverTcp();
    private readonly ConcurrentBag<RawConnection> _connections = [];
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly int _answers;
    private readonly bool _resets;
    private int _requests;

    public MortalBackend(int answers, bool resets = false)
    {
        _answers = answers;
        _resets = resets;
        _ = AcceptAsync();
    }

    public BackendAddress Address => _listener.Address;

    /// <summary>The heads of the requests that arrived, in their order.</summary>
    public IReadOnlyList<string> Heads => [.. _heads];

    /// <summary>Dies at once: refuses connections and resets those it has.</summary>
    public void Kill()
    {
        foreach (var connection in _connections)
        {
            connection.Abort();
        }

        _listener.Dispose();
    }

    public void Dispose() => Kill();

    private async Task AcceptAsync()
    {
        while (true)
        {
            var connection = await _listener.AcceptAsync();
            _connections.Add(connection);
            _ = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        while (true)
        {
            _heads.Enqueue(await connection.ReadHeadAsync());
            if (Interlocked.Increment(ref _requests) > _answers)
            {
                break;
            }

            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }

        if (_resets)
        {
            connection.Abort();
        }
        else
        {
            connection.Dispose();
        }
    }
}
