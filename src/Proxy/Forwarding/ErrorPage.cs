using System.Globalization;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>The short plain pages the front answers itself: a status, one sentence on why, one on what to do.</summary>
internal static class ErrorPage
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static Task NoAppAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "No app answers to this host and path.");

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

    public static Task ForwardingFailedAsync(HttpContext context, ForwarderError error) => error == ForwarderError.RequestCreation
        ? WriteAsync(context, StatusCodes.Status501NotImplemented, "The front cannot forward this kind of request.")
        : WriteAsync(context, context.Response.StatusCode, error switch
        {
            ForwarderError.RequestBodyClient => "The body of the request broke off or came too slowly.",
            ForwarderError.RequestTimedOut => "The app did not answer in time.",
            ForwarderError.Request => "The app closed the connection before it answered; it may have begun this request.",
            _ => "The exchange with the app failed before it answered.",
        });

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
        return context.Response.WriteAsync($"{status} {text}\n", context.RequestAborted);
    }
}
