using System.Net;
using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Peers;
using BlueGreen.Proxy.Routing;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// What happens to every request: route, claim a backend, forward, give the backend back; and, after a failure that allows it, look
/// for a backend again.
/// </summary>
internal sealed class RequestForwarder(IHttpForwarder forwarder, Func<RouteTable> routes, Func<TrustedProxies> trusted)
{
    /// <summary>
    /// No activity timeout: whether a silent stream or a slow answer has lasted too long is for its client and its app to say,
    /// and a drain has deadlines of its own.
    /// </summary>
    private static readonly ForwarderRequestConfig Http11 = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>For calls of gRPC: without TLS, so that the version must be known beforehand (RFC 9113, 3.3).</summary>
    private static readonly ForwarderRequestConfig Http2 = Http11 with { Version = HttpVersion.Version20 };

    public Task ForwardAsync(HttpContext context)
    {
        var upstream = routes().Find(context.Request.Host, context.Request.Path);
        return upstream?.BeginWatch() is { } watch ? ForwardWatchedAsync(context, upstream, watch) : ForwardAsync(context, upstream, null);
    }

    private async Task ForwardWatchedAsync(HttpContext context, Upstream upstream, ExchangeWatch watch)
    {
        try
        {
            await ForwardAsync(context, upstream, watch);
        }
        finally
        {
            watch.Write(context, trusted());
        }
    }

    /// <param name="context">The request.</param>
    /// <param name="upstream">Where it goes; null: no app takes it.</param>
    /// <param name="watch">Watches it, where its app has an access log.</param>
    private async Task ForwardAsync(HttpContext context, Upstream? upstream, ExchangeWatch? watch)
    {
        if (MessageForm.TryResetMalformed(context))
        {
            return;
        }

        if (MessageForm.HasUnknownCoding(context.Request) || MessageForm.HasMiswrittenMethod(context.Request))
        {
            await ErrorPage.UnknownFormAsync(context);
            return;
        }

        if (upstream is null)
        {
            await ErrorPage.NoAppAsync(context);
            return;
        }

        if (upstream.Reserved is { } reserved && reserved.Matches(context.Request.Path))
        {
            await ErrorPage.ReservedAsync(context);
            return;
        }

        var isCall = GrpcCall.Is(context.Request);
        var config = isCall ? Http2 : Http11;
        UploadPace.LiftWhereItPauses(context.Request);
        Search? search = null;
        try
        {
            // One method and no helper: each further one would cost every request an allocation.
            var (lease, failure) = await upstream.AcquireAsync(context.RequestAborted);
            while (lease is not null)
            {
                var backend = lease.Backend;
                var exchange = watch?.Begin(lease, trusted()) ?? new ForwardedExchange(lease, trusted());
                if (isCall)
                {
                    // Before the answer says so: that of a call whose client streams begins only when it ends.
                    lease.Become(RequestKind.Stream);
                }

                ForwarderError error;
                using (lease)
                {
                    error = await forwarder.SendAsync(context, backend.Address.UrlPrefix, backend.Client, config, exchange, lease.Cut);
                }

                watch?.End(context, lease, error);
                if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
                {
                    if (error == ForwarderError.None)
                    {
                        upstream.RecentPaths?.Note(context, lease.Kind);
                    }

                    return;
                }

                search ??= upstream.BeginSearch();
                var wasCut = lease.WasCut;
                if (!Resending.TryBegin(context, error, wasCut, exchange, backend, search))
                {
                    if (isCall && !wasCut && GrpcCall.TryPassResetOn(context))
                    {
                        return;
                    }

                    await (wasCut ? ErrorPage.CutAsync(context) : ErrorPage.ForwardingFailedAsync(context, error));
                    return;
                }

                (lease, failure) = await upstream.AcquireAgainAsync(search, context.RequestAborted);
                if (wasCut && failure == AcquireFailure.NoBackend)
                {
                    // The front is stopping, or the app was removed.
                    await ErrorPage.CutAsync(context);
                    return;
                }
            }

            await ErrorPage.NoBackendAsync(context, upstream, failure);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away while its request waited; there is nobody to answer.
            watch?.GiveUp();
        }
    }
}
