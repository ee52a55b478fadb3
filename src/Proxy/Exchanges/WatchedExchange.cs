using BlueGreen.Proxy.Forwarding;
using BlueGreen.Proxy.Peers;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Exchanges;

/// <summary>An exchange of which note is taken on its way: when the answer came, how much of it was sent, whether that was all.</summary>
internal sealed class WatchedExchange(RequestLease lease, TrustedProxies trusted, ExchangeWatch watch) : ForwardedExchange(lease, trusted)
{
    private static readonly HttpRequestOptionsKey<WatchedExchange> Key = new("bluegreen.exchange");

    private readonly RequestLease _lease = lease;
    private IByteCount? _counted;
    private TimeSpan _dialBegan;

    /// <summary>See <see cref="ExchangeRecord.FirstByte"/>.</summary>
    public TimeSpan? FirstByte { get; private set; }

    /// <summary>See <see cref="ExchangeRecord.Connect"/>.</summary>
    public TimeSpan? Connect { get; private set; }

    /// <summary>See <see cref="ExchangeRecord.Bytes"/>; null while there is no answer of the backend's to count.</summary>
    public long? Sent => _counted?.Bytes;

    /// <summary>The answer's body was sent to its end.</summary>
    public bool IsAnswerWhole { get; private set; }

    /// <summary>The answer broke off before its first byte, because the client went away.</summary>
    public bool WasLeft { get; private set; }

    /// <summary>A connection is dialled because of a request.</summary>
    /// <returns>Its exchange; null where it is not watched.</returns>
    public static WatchedExchange? BeginDial(HttpRequestMessage request)
    {
        if (request.Options.TryGetValue(Key, out var exchange))
        {
            exchange._dialBegan = exchange.Elapsed;
        }

        return exchange;
    }

    /// <summary>
    /// The connection is there. The request gets it, if it still waits; one that has been sent by now went over another, and
    /// this one serves others.
    /// </summary>
    public void EndDial(HttpRequestMessage request)
    {
        if (!SendOnce.HasBegun(request))
        {
            Connect = Elapsed - _dialBegan;
        }
    }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.Options.Set(Key, this);
        return base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }

        FirstByte = Elapsed;
        var hasBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        // Afterwards: what is sent ahead has no body yet, and one that is framed here is counted without its frames.
        _counted = _lease.Kind == RequestKind.Upgraded ? CountedTunnel.Await(httpContext) : CountedBody.Put(httpContext);
        return hasBody;
    }

    public override ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        IsAnswerWhole = true;
        return base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
    }

    /// <summary>Nothing of the answer was sent, so another may come: it begins with the response as it was.</summary>
    public void UncountBody(HttpContext context)
    {
        (_counted as CountedBody)?.TakeAway(context);
        _counted = null;
    }

    protected override void OnBrokenOff(Exception cause) => WasLeft = cause is OperationCanceledException;

    private TimeSpan Elapsed => watch.Elapsed;
}
