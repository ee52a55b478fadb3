using System.Net;
using BlueGreen.Proxy.Peers;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// What changes between the two sides of one exchange: the request's target and headers on the way in; on the way out nothing,
/// but the answer tells what kind of exchange this is.
/// </summary>
internal class ForwardedExchange(RequestLease lease, TrustedProxies trusted) : HttpTransformer
{
    /// <summary>The target goes on byte for byte: the worker, not the front, decides what its escapes and dots mean.</summary>
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The request as the worker gets it; null until it is made.</summary>
    public HttpRequestMessage? Outgoing { get; private set; }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);

        var target = OriginForm(httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (target is not null && Uri.TryCreate(destinationPrefix + target, Verbatim, out var uri))
        {
            proxyRequest.RequestUri = uri;
        }

        var request = httpContext.Request.Headers;
        ConnectionOptions.RemoveFrom(proxyRequest.Headers, request.Connection);
        // YARP takes it for a header of the connection, but it asks the app for its pages over TLS (W3C, Upgrade Insecure Requests).
        if (request.UpgradeInsecureRequests is { Count: > 0 } upgradeInsecureRequests)
        {
            proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.UpgradeInsecureRequests, upgradeInsecureRequests.ToString());
        }

        ForwardedHeaders.Apply(httpContext, proxyRequest, trusted);
        Outgoing = proxyRequest;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        MessageForm.Check(proxyResponse);
        if (lease.Kind == RequestKind.Request)
        {
            // Otherwise it was known beforehand.
            lease.Become(KindOf(proxyResponse));
        }

        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        ConnectionOptions.RemoveFrom(httpContext.Response.Headers, proxyResponse.Headers);
        if (ChunkedAnswer.Suits(httpContext, proxyResponse))
        {
            await ChunkedAnswer.BeginAsync(httpContext, cancellationToken);
        }
        else if (lease.Kind != RequestKind.Upgraded && !proxyResponse.Content.Headers.NonValidated.Contains(HeaderNames.ContentLength))
        {
            return await SendHeadAheadAsync(httpContext, proxyResponse.Content, cancellationToken);
        }

        return true;
    }

    public override async ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        await base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
        if (httpContext.Features.Get<IHttpResponseTrailersFeature>() is ChunkedAnswer answer)
        {
            await answer.EndAsync(cancellationToken);
        }
    }

    /// <summary>The answer breaks off before the first byte of its body; YARP is told of no error.</summary>
    protected virtual void OnBrokenOff(Exception cause)
    {
    }

    /// <summary>
    /// Sends the head of an answer whose body is late: otherwise it would wait for the first piece of the body, and a client of
    /// server-sent events would not know that it is connected.
    /// </summary>
    /// <returns>False when no body came: the answer is broken off.</returns>
    private async ValueTask<bool> SendHeadAheadAsync(HttpContext context, HttpContent content, CancellationToken cancel)
    {
        var body = await content.ReadAsStreamAsync(cancel);
        var something = body.ReadAsync(Memory<byte>.Empty, cancel);
        if (!something.IsCompleted)
        {
            await context.Response.Body.FlushAsync(cancel);
        }

        try
        {
            await something;
            return true;
        }
        catch (Exception e) when (context.Response.HasStarted)
        {
            OnBrokenOff(e);
            // The head has promised a body; only a broken connection still tells the client that there is none.
            context.Abort();
            return false;
        }
    }

    /// <summary>
    /// The target as an origin server is asked for it (RFC 9112, 3.2.1), cut out of the absolute form (3.2.2) where the client
    /// used that. Null for "*".
    /// </summary>
    private static string? OriginForm(string target)
    {
        if (target.StartsWith('/'))
        {
            return target;
        }

        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return null;
        }

        var authority = scheme + "://".Length;
        var length = target.AsSpan(authority).IndexOfAny('/', '?');
        var rest = length < 0 ? "" : target[(authority + length)..];
        return rest.StartsWith('/') ? rest : "/" + rest;
    }

    private static RequestKind KindOf(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            return RequestKind.Upgraded;
        }

        // Not by Headers.ContentType: parsing a header rewrites the value that the client gets.
        return response.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentType, out var values)
            && values.ToString() is var type
            && (type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase)
                || type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase))
            ? RequestKind.Stream
            : RequestKind.Request;
    }
}
