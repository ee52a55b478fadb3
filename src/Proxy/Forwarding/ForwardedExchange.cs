using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// What changes between the two sides of one exchange: the request's target and headers on the way in; on the way out nothing,
/// but the answer tells what kind of exchange this is.
/// </summary>
internal sealed class ForwardedExchange(RequestLease lease) : HttpTransformer
{
    /// <summary>The target goes on byte for byte: the worker, not the front, decides what its escapes and dots mean.</summary>
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);

        var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith('/') && Uri.TryCreate(destinationPrefix + target, Verbatim, out var uri))
        {
            proxyRequest.RequestUri = uri;
        }

        ForwardedHeaders.Apply(httpContext, proxyRequest);
        RefuseHttp2Upgrade(proxyRequest);
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null)
        {
            lease.Become(KindOf(proxyResponse));
        }

        return base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }

    private static RequestKind KindOf(HttpResponseMessage response)
    {
        if (response.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols)
        {
            return RequestKind.Upgraded;
        }

        var type = response.Content.Headers.ContentType?.MediaType;
        return type is not null
            && (type.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase)
                || type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase))
            ? RequestKind.Stream
            : RequestKind.Request;
    }

    /// <summary>
    /// "Upgrade: h2c" is obsolete (RFC 9113, 3.1) and would open a tunnel in which the front sees no request any more.
    /// </summary>
    private static void RefuseHttp2Upgrade(HttpRequestMessage proxyRequest)
    {
        if (proxyRequest.Headers.Upgrade.Any(product => product.Name.Equals("h2c", StringComparison.OrdinalIgnoreCase)))
        {
            proxyRequest.Headers.Remove("Upgrade");
            proxyRequest.Headers.Remove("Connection");
            proxyRequest.Headers.Remove("HTTP2-Settings");
        }
    }
}
