using System.Collections.Concurrent;
using System.Globalization;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests;

/// <summary>
/// A worker that keeps what reached it: of each complete request the head and the body, in their order. It answers each with an
/// empty page. It knows one way to frame a body only, so what is framed in two is told.
/// </summary>
internal sealed class RecordingBackend : IDisposable
{
    private readonly RawBackend _listener = RawBackend.OverTcp();
    private readonly ConcurrentQueue<(string Head, string Body)> _requests = new();

    public RecordingBackend() => _ = AcceptAsync();

    public BackendAddress Address => _listener.Address;

    /// <summary>The requests that arrived whole.</summary>
    public IReadOnlyList<(string Head, string Body)> Requests => [.. _requests];

    /// <summary>Start lines and bodies of the requests that arrived whole.</summary>
    public IEnumerable<string> Seen => _requests.Select(request => $"{request.Head.StartLine()[..^" HTTP/1.1".Length]} {request.Body}".TrimEnd());

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptAsync());
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        while (true)
        {
            var head = await connection.ReadHeadAsync();
            var chunked = head.Fields("Transfer-Encoding");
            var length = head.Fields("Content-Length");
            var body = (chunked.Length, length.Length) switch
            {
                (0, 0) => "",
                (0, 1) => await connection.ReadAsync(int.Parse(length[0], CultureInfo.InvariantCulture)),
                (1, 0) when chunked[0] == "chunked" => HttpText.Unchunk(await connection.ReadThroughAsync("0\r\n\r\n")),
                _ => $"framed by {string.Join(" and ", [.. chunked, .. length])}",
            };
            _requests.Enqueue((head, body));
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    }
}
