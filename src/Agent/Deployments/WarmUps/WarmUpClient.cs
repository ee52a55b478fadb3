using System.Net;
using BlueGreen.Agent.Health;

namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>Speaks HTTP/1.1 with one worker on connections that are kept, as the front does for its clients.</summary>
internal sealed class WarmUpClient : IDisposable
{
    /// <summary>Of a longer body the rest is left, and its connection closed: what compiles and fills caches has run by then.</summary>
    private const int MostOfABody = 1 << 20;

    private const int Piece = 16 * 1024;

    /// <summary>Below what any server allows a connection to be idle for.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>The target goes out as it was written, or as a client once sent it.</summary>
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker _client;
    private readonly string _host;

    /// <summary>A client of one worker.</summary>
    /// <param name="worker">Where it listens.</param>
    /// <param name="host">The Host of the requests.</param>
    /// <param name="connections">How many at most.</param>
    public WarmUpClient(EndPoint worker, string host, int connections)
    {
        _host = host;
        var handler = WorkerSocket.NewHandler(worker);
        handler.UseCookies = false;
        handler.MaxConnectionsPerServer = connections;
        handler.PooledConnectionIdleTimeout = Idle;
        _client = new HttpMessageInvoker(handler);
    }

    /// <summary>Sends a request and reads the answer.</summary>
    /// <returns>Its status.</returns>
    /// <exception cref="HttpRequestException">There was none.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    public async Task<int> SendAsync(WarmUpRequest request, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), new Uri("http://localhost" + request.Target, Verbatim))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.Host = _host;
        message.Headers.UserAgent.ParseAdd("bluegreen-warmup");
        using var answer = await _client.SendAsync(message, cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        var piece = new byte[Piece];
        for (var left = MostOfABody; left > 0;)
        {
            var read = await body.ReadAsync(piece, cancel);
            if (read == 0)
            {
                break;
            }

            left -= read;
        }

        return (int)answer.StatusCode;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
