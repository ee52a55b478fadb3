using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Agent.Health;

/// <summary>
/// Asks a worker whether it can serve: GET on its health path, on a connection of its own, so that a check says as much about
/// accepting connections as about answering.
/// </summary>
internal sealed class HealthProbe : IDisposable
{
    private const string FirstGuess = "/healthz";
    private const string SecondGuess = "/";

    private readonly HttpMessageInvoker _client;
    private readonly EndPoint _worker;
    private readonly Func<HealthOptions> _options;
    private readonly TimeProvider _time;

    /// <summary>A probe for one worker.</summary>
    public HealthProbe(EndPoint worker, HealthOptions options, TimeProvider time)
        : this(worker, () => options, time)
    {
    }

    /// <summary>A probe for one worker, by the options in force at each check.</summary>
    public HealthProbe(EndPoint worker, Func<HealthOptions> options, TimeProvider time)
    {
        _worker = worker;
        _options = options;
        _time = time;
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = (_, cancel) => ConnectAsync(worker, cancel),
        });
    }

    /// <summary>One check. Never throws for what the worker does.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<ProbeResult> CheckAsync(CancellationToken cancel)
    {
        var options = _options();
        using var timeout = new CancellationTokenSource(options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        var path = options.Path ?? FirstGuess;
        try
        {
            var status = await AskAsync(path, either.Token);
            if (status == HttpStatusCode.NotFound && options.Path is null)
            {
                path = SecondGuess;
                status = await AskAsync(path, either.Token);
            }

            return new ProbeResult((int)status is >= 200 and <= 299, $"GET {path} answered {(int)status}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ProbeResult(false, $"GET {path} had no answer within {options.Timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException e)
        {
            return new ProbeResult(false, e.InnerException is SocketException socket
                ? $"GET {path}: {Explain(socket)}"
                : $"GET {path} was not answered in HTTP: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpStatusCode> AskAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost" + path);
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.ParseAdd("bluegreen-health");
        using var response = await _client.SendAsync(request, cancel);
        return response.StatusCode;
    }

    // Of a socket file that is missing .NET says that the address cannot be assigned.
    private string Explain(SocketException e) => e.SocketErrorCode == SocketError.AddressNotAvailable && _worker is UnixDomainSocketEndPoint
        ? $"there is no socket at {_worker}"
        : e.Message.ToLowerInvariant();

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
