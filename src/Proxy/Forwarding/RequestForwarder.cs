using System.Net;
using BlueGreen.Proxy.Routing;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// What happens to every request: route, claim a backend, forward, give the backend back; and, after a failure that allows it, look
/// for a backend again.
/// </summary>
internal sealed class RequestForwarder(IHttpForwarder forwarder, Func<RouteTable> routes)
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

    public async Task ForwardAsync(HttpContext context)
    {
        if (routes().Find(context.Request.Host, context.Request.Path) is not { } upstream)
        {
            await ErrorPage.NoAppAsync(context);
            return;
        }

        UploadPace.LiftWhereItPauses(context.Request);
        Search? search = null;
        try
        {
            // One method and no helper: each further one would cost every request an allocation.
            var (lease, failure) = await upstream.AcquireAsync(context.RequestAborted);
            while (lease is not null)
            {
                var backend = lease.Backend;
                var exchange = new ForwardedExchange(lease);
                ForwarderError error;
                using (lease)
                {
                    error = await forwarder.SendAsync(context, backend.Address.UrlPrefix, backend.Client, Http11, exchange, lease.Cut);
                }

                if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
                {
                    return;
                }

                search ??= upstream.BeginSearch();
                if (lease.WasCut || !Resending.TryBegin(context, error, exchange, backend, search))
                {
                    await (lease.WasCut ? ErrorPage.CutAsync(context) : ErrorPage.ForwardingFailedAsync(context, error));
                    return;
                }

                (lease, failure) = await upstream.AcquireAgainAsync(search, context.RequestAborted);
            }

            await ErrorPage.NoBackendAsync(context, upstream, failure);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away while its request waited; there is nobody to answer.
        }
    }
}
