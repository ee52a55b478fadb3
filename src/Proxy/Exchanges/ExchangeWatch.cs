using BlueGreen.Proxy.Peers;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Exchanges;

/// <summary>
/// Watches one request for the access log of its app; there is one only where that log is on. Owned by the request.
/// </summary>
internal sealed class ExchangeWatch
{
    /// <summary>What nginx has made the usual status for it; nothing was sent to anybody.</summary>
    private const int ClientClosedRequest = 499;

    private readonly Upstream _upstream;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _arrivedAt;
    private readonly long _arrived;
    private long _waitingSince;
    private bool _isWaiting = true;
    private TimeSpan _waited;
    private int _claims;
    private string? _backend;
    private RequestKind _kind;
    private WatchedExchange? _exchange;
    private ExchangeEnd _end;

    public ExchangeWatch(Upstream upstream, TimeProvider time)
    {
        _upstream = upstream;
        _time = time;
        _arrivedAt = time.GetUtcNow();
        _waitingSince = _arrived = time.GetTimestamp();
    }

    /// <summary>Since the request arrived.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_arrived);

    /// <summary>A backend has been claimed: the exchange with it begins.</summary>
    public WatchedExchange Begin(RequestLease lease, TrustedProxies trusted)
    {
        EndWait();
        _claims++;
        _backend = lease.Backend.Id;
        return _exchange = new WatchedExchange(lease, trusted, this);
    }

    /// <summary>The exchange with the backend is over, well or not; another may follow, or a page of the front's.</summary>
    public void End(HttpContext context, RequestLease lease, ForwarderError error)
    {
        _kind = lease.Kind;
        _end = EndOf(context, _exchange!, lease, error);
        if (!context.Response.HasStarted)
        {
            _exchange!.UncountBody(context);
            _waitingSince = _time.GetTimestamp();
            _isWaiting = error != ForwarderError.None;
        }
    }

    /// <summary>The client went away while its request waited.</summary>
    public void GiveUp() => _end = ExchangeEnd.ClientGone;

    /// <summary>The request is over: hands the record to the log, unless that has been switched off meanwhile.</summary>
    public void Write(HttpContext context, TrustedProxies trusted)
    {
        if (_upstream.AccessLog is not { } log)
        {
            return;
        }

        if (_isWaiting)
        {
            EndWait();
        }

        var request = context.Request;
        log.Write(new ExchangeRecord
        {
            Arrived = _arrivedAt,
            Client = ClientAddress.Of(context, trusted),
            Method = request.Method,
            Target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            Protocol = request.Protocol,
            Host = request.Host.Value,
            Referer = request.Headers.Referer.ToString(),
            UserAgent = request.Headers.UserAgent.ToString(),
            Status = StatusOf(context.Response),
            Bytes = _exchange?.Sent ?? OwnBytes(context),
            Backend = _backend,
            Kind = _kind,
            Wait = _waited,
            Connect = _exchange?.Connect,
            FirstByte = _exchange?.FirstByte,
            Total = Elapsed,
            Resent = Math.Max(0, _claims - 1),
            End = _end,
        });
    }

    private static ExchangeEnd EndOf(HttpContext context, WatchedExchange exchange, RequestLease lease, ForwarderError error)
    {
        // The answer counts: a worker that does not care for the body of a request may well answer it whole.
        if (exchange.IsAnswerWhole || (error == ForwarderError.None && lease.Kind == RequestKind.Upgraded))
        {
            return ExchangeEnd.Complete;
        }

        return lease.WasCut ? ExchangeEnd.Cut
            : exchange.WasLeft || IsOfTheClient(context, error) ? ExchangeEnd.ClientGone
            : ExchangeEnd.Error;
    }

    /// <summary>What was cancelled, but not by a deadline, was cancelled because the client went away.</summary>
    private static bool IsOfTheClient(HttpContext context, ForwarderError error) => error switch
    {
        ForwarderError.RequestBodyClient => !WasReadingGivenUp(context),
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled
            or ForwarderError.ResponseBodyCanceled or ForwarderError.ResponseBodyClient
            or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeRequestClient
            or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeResponseClient => true,
        _ => false,
    };

    /// <summary>A worker that resets its stream ends the reading of the body too; YARP takes that for a failure of the client's.</summary>
    private static bool WasReadingGivenUp(HttpContext context) =>
        !context.RequestAborted.IsCancellationRequested
        && context.Features.Get<IForwarderErrorFeature>()?.Exception is AggregateException { InnerExceptions: [OperationCanceledException, ..] };

    private int? StatusOf(HttpResponse response) =>
        // What has no body may be on its way only after this.
        response.HasStarted || _end == ExchangeEnd.Complete ? response.StatusCode
        : _end == ExchangeEnd.ClientGone ? ClientClosedRequest
        : null;

    /// <summary>The front's own pages have a length.</summary>
    private static long OwnBytes(HttpContext context) =>
        context.Response.HasStarted && !HttpMethods.IsHead(context.Request.Method) ? context.Response.ContentLength ?? 0 : 0;

    private void EndWait()
    {
        _waited += _time.GetElapsedTime(_waitingSince);
        _isWaiting = false;
    }
}
