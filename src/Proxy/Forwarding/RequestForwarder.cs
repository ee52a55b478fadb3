using System.Net;
using BlueGreen.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>What happens to every request: route, claim a backend, forward, give the backend back.</summary>
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

        var (lease, failure) = await upstream.AcquireAsync(context.RequestAborted);
        if (lease is null)
        {
            await ErrorPage.NoBackendAsync(context, upstream, failure);
            return;
        }

        using (lease)
        {
            var backend = lease.Backend;
            var error = await forwarder.SendAsync(
                context, backend.Address.UrlPrefix, backend.Client, Http11, new ForwardedExchange(lease), lease.Cut);
            if (error != ForwarderError.None && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                await (lease.WasCut ? ErrorPage.CutAsync(context) : ErrorPage.ForwardingFailedAsync(context, error));
            }
        }
    }
}
