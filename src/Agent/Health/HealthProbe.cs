using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Agent.Health;

/// <summary>
/// Asks a worker whether it can serve: GET on its health path, on a connection of its own, so that a check says as much about
/// accepting connections as about answering. Over HTTP/1.1; over HTTP/2 where the worker speaks that alone, as servers of gRPC do, which
/// are asked for their own health service too.
/// </summary>
internal sealed class HealthProbe : IDisposable
{
    private const string FirstGuess = "/healthz";
    private const string SecondGuess = "/";

    private readonly HttpMessageInvoker _client;
    private readonly EndPoint _worker;
    private readonly Func<HealthOptions> _options;
    private readonly TimeProvider _time;
    private string _asking = "";
    private bool _speaksHttp2Alone;

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
        _client = NewClient();
    }

    /// <summary>One check. Never throws for what the worker does.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<ProbeResult> CheckAsync(CancellationToken cancel)
    {
        var options = _options();
        using var timeout = new CancellationTokenSource(options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            if (_speaksHttp2Alone || options.Path == GrpcHealth.Path)
            {
                return (await AskOverHttp2Async(options.Path, either.Token)).Result;
            }

            var (result, isOfHttp11) = await AskOverHttp11Async(options.Path, either.Token);
            if (isOfHttp11)
            {
                return result;
            }

            var (other, isOfHttp2) = await AskOverHttp2Async(options.Path, either.Token);
            _speaksHttp2Alone = isOfHttp2;
            return isOfHttp2 ? other : result;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ProbeResult(false, $"{_asking} had no answer within {options.Timeout.TotalSeconds:0.###} s");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <returns>Also whether the answer, or that there is none, leaves no doubt that the worker speaks HTTP/1.1, or nothing yet.</returns>
    private async Task<(ProbeResult Result, bool IsOfHttp11)> AskOverHttp11Async(string? path, CancellationToken cancel)
    {
        try
        {
            var status = await AskAsync(path ?? FirstGuess, cancel);
            if (status == HttpStatusCode.NotFound && path is null)
            {
                status = await AskAsync(SecondGuess, cancel);
            }

            // Kestrel answers so where it speaks HTTP/2 alone; others close the connection, or go on in HTTP/2.
            return (new ProbeResult(Passes(status), $"{_asking} answered {(int)status}"), status != HttpStatusCode.BadRequest);
        }
        catch (HttpRequestException e)
        {
            return (Failure(e), e.HttpRequestError == HttpRequestError.ConnectionError);
        }

        async Task<HttpStatusCode> AskAsync(string path, CancellationToken cancel)
        {
            _asking = $"GET {path}";
            using var request = Get(path);
            request.Headers.ConnectionClose = true;
            using var response = await _client.SendAsync(request, cancel);
            return response.StatusCode;
        }
    }

    /// <returns>Also whether the worker answered in HTTP/2.</returns>
    private async Task<(ProbeResult Result, bool IsOfHttp2)> AskOverHttp2Async(string? path, CancellationToken cancel)
    {
        // Of its own: it would keep its connection for the next check.
        using var client = NewClient();
        try
        {
            foreach (var guess in path is null ? (string[])[FirstGuess, SecondGuess] : path == GrpcHealth.Path ? [] : [path])
            {
                _asking = $"GET {guess} over HTTP/2";
                using var request = Get(guess);
                request.Version = HttpVersion.Version20;
                request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
                using var response = await client.SendAsync(request, cancel);
                // A server of gRPC alone knows neither the path nor GET.
                if (path is not null || !(GrpcHealth.Answers(response) || response.StatusCode
                    is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.NotImplemented))
                {
                    return (new ProbeResult(Passes(response.StatusCode), $"{_asking} answered {(int)response.StatusCode}"), true);
                }
            }

            _asking = GrpcHealth.Name;
            return (await GrpcHealth.AskAsync(client, cancel), true);
        }
        catch (HttpRequestException e)
        {
            return (Failure(e), false);
        }
    }

    private static HttpRequestMessage Get(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost" + path);
        request.Headers.UserAgent.ParseAdd("bluegreen-health");
        return request;
    }

    private static bool Passes(HttpStatusCode status) => (int)status is >= 200 and <= 299;

    private ProbeResult Failure(HttpRequestException e) => new(false, e.InnerException is SocketException socket
        ? $"{_asking}: {Explain(socket)}"
        : $"{_asking} was not answered in HTTP: {e.Message}");

    // Of a socket file that is missing .NET says that the address cannot be assigned.
    private string Explain(SocketException e) => e.SocketErrorCode == SocketError.AddressNotAvailable && _worker is UnixDomainSocketEndPoint
        ? $"there is no socket at {_worker}"
        : e.Message.ToLowerInvariant();

    private HttpMessageInvoker NewClient() => new(WorkerSocket.NewHandler(_worker));
}
