using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace BlueGreen.Agent.Releases.Fetching.Http;

/// <summary>
/// Sends requests to one web server and follows it elsewhere; who we are is told to that server alone. Thread-safe.
/// </summary>
/// <param name="options">Deadlines.</param>
/// <param name="home">The server that may know who we are.</param>
/// <param name="authorize">Who we are, asked before each request to it; null: nobody.</param>
internal sealed class HttpAccess(SourceOptions options, Uri home, Func<AuthenticationHeaderValue?> authorize) : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectTimeout = options.Connect,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders =
        {
            UserAgent = { new ProductInfoHeaderValue("bluegreen", null) },
            // What a server compresses on the fly has other lengths and other tags each time.
            AcceptEncoding = { new StringWithQualityHeaderValue("identity") },
        },
    };

    /// <summary>Sends a request; returns when the answer's head is there.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="url">Where to.</param>
    /// <param name="prepare">Adds headers.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>An answer that is no redirect; its request's URL is where it came from.</returns>
    /// <exception cref="SourceException">There was none.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, Action<HttpRequestHeaders> prepare, CancellationToken cancel)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(method, url);
            prepare(request.Headers);
            request.Headers.Authorization = IsHome(url) ? authorize() : null;
            var answer = await SendAsync(request, cancel);
            if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return answer;
            }

            using (answer)
            {
                url = Next(url, answer, redirects);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static Uri Next(Uri url, HttpResponseMessage answer, int redirects)
    {
        var shown = SourceAddress.Http.Of(url);
        if (redirects >= MostRedirects)
        {
            throw new SourceException($"{shown} is the {MostRedirects + 1}th address in a row that redirects elsewhere");
        }

        var next = answer.Headers.Location is { } location
            ? new Uri(url, location)
            : throw new SourceException($"{shown} redirects to nowhere ({(int)answer.StatusCode} without Location)");
        return next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && url.Scheme == Uri.UriSchemeHttp)
            ? next
            : throw new SourceException($"{shown} redirects to {next.Scheme}, which is not followed from {url.Scheme}");
    }

    private bool IsHome(Uri url) =>
        Uri.Compare(url, home, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var shown = SourceAddress.Http.Of(request.RequestUri!);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(options.Connect + options.Stall);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new SourceException(late.IsCancellationRequested
                ? $"{shown} did not answer within {(options.Connect + options.Stall).TotalSeconds:0.###} s"
                : $"{shown}: no connection within {options.Connect.TotalSeconds:0.###} s", e) { IsTransient = true };
        }
        catch (HttpRequestException e)
        {
            throw Explain(shown, e);
        }
    }

    private static SourceException Explain(string shown, HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new($"{shown}: the host's name is not known; check it, and the machine's DNS", e) { IsTransient = true },
        HttpRequestError.SecureConnectionError => new($"{shown}: no secure connection: {(e.InnerException ?? e).Message.TrimEnd('.')}", e),
        HttpRequestError.ResponseEnded => new($"{shown}: the server closed the connection without an answer", e) { IsTransient = true },
        _ => new($"{shown}: {(e.GetBaseException() is SocketException socket ? Reason(socket) : e.GetBaseException().Message.TrimEnd('.'))}", e) { IsTransient = true },
    };

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "the host cannot be reached",
        _ => e.Message.TrimEnd('.'),
    };
}
