using System.Globalization;
using System.Text;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>The short plain pages the front answers itself: a status, one sentence on why, one on what to do.</summary>
internal static class ErrorPage
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Ends the connection too: what comes next on it may have been meant as a part of this request.</summary>
    public static Task UnknownFormAsync(HttpContext context)
    {
        EndConnection(context);
        return WriteAsync(context, StatusCodes.Status501NotImplemented,
            "The front does not know this method, which is written in capitals, or this transfer coding: only 'chunked', once.");
    }

    public static Task NoAppAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "No app answers to this host and path.");

    public static Task ReservedAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "This path of the app is for the front alone.");

    public static Task NoBackendAsync(HttpContext context, Upstream upstream, AcquireFailure failure) => failure switch
    {
        AcquireFailure.HoldFull => BusyAsync(context,
            $"The app '{upstream.Name}' takes no requests at this moment and too many wait for it already. Try again shortly."),
        AcquireFailure.HoldTimedOut => BusyAsync(context,
            $"The app '{upstream.Name}' took no requests at this moment and for as long as this one could wait. Try again shortly."),
        _ => BusyAsync(context,
            $"Nothing is deployed yet to the app '{upstream.Name}'. Deploy a release with: bluegreen deploy PATH --app {upstream.Name}"),
    };

    public static Task CutAsync(HttpContext context) =>
        BusyAsync(context, "This request outlived the drain deadline of a release that has been replaced. Try again.");

    public static Task ForwardingFailedAsync(HttpContext context, ForwarderError error)
    {
        if (error == ForwarderError.RequestCreation)
        {
            // CONNECT, say: what follows may be anything.
            EndConnection(context);
            return WriteAsync(context, StatusCodes.Status501NotImplemented, "The front cannot forward this kind of request.");
        }

        return WriteAsync(context, context.Response.StatusCode, error switch
        {
            ForwarderError.RequestBodyClient => "The body of the request broke off or came too slowly.",
            ForwarderError.RequestTimedOut => "The app did not answer in time.",
            ForwarderError.Request => "The app closed the connection before it answered; it may have begun this request.",
            _ => "The exchange with the app failed before it answered.",
        });
    }

    private static void EndConnection(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }
    }

    private static Task BusyAsync(HttpContext context, string text)
    {
        context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, text);
    }

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        if (GrpcCall.Is(context.Request))
        {
            return GrpcCall.RefuseAsync(context, status, text);
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var page = $"{status} {text}\n";
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(page);
        return context.Response.WriteAsync(page, context.RequestAborted);
    }
}
