using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// Which requests may be sent again after a failure. One of which not a byte was sent: always. One that a worker may have begun:
/// only if it can do no harm twice, that is if its method is safe (RFC 9110, 9.2.1) and it has no body. PUT and DELETE are
/// idempotent, not safe, and stay out: the worker that died may have executed them, and what came after must not be undone.
/// The same goes for what a drain deadline cut before the client saw anything of an answer: the release that serves now answers it.
/// What has broken two workers is not given to a third: a request that kills would kill them all, one after the other.
/// </summary>
internal static class Resending
{
    /// <summary>
    /// Says whether a failed exchange may be tried again; if so, notes the failure in the search and takes back what it left on the
    /// response.
    /// </summary>
    public static bool TryBegin(
        HttpContext context, ForwarderError error, bool wasCut, ForwardedExchange exchange, Backend backend, Search search)
    {
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (exchange.Outgoing is not { } request || !(wasCut || IsOfTheConnection(error)) || !MayGoAgain())
        {
            return false;
        }

        context.Response.Clear();
        context.Features.Set<IForwarderErrorFeature>(null);
        return true;

        bool MayGoAgain()
        {
            if (Has<DialException>(cause) && !SendOnce.HasBegun(request))
            {
                search.NoteUnreachable(backend);
                return true;
            }

            return IsSafe(request) && (wasCut ? search.TryAgainAfterCut() : Has<IOException>(cause) && search.TryAgainAfterBroken(backend));
        }
    }

    /// <summary>Failures before and amid the answer that the worker's side may be to blame for.</summary>
    private static bool IsOfTheConnection(ForwarderError error) => error
        is ForwarderError.Request or ForwarderError.ResponseHeaders or ForwarderError.ResponseBodyDestination;

    private static bool IsSafe(HttpRequestMessage request) =>
        (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
            || request.Method == HttpMethod.Options || request.Method == HttpMethod.Trace)
        && (request.Content is null || request.Content.Headers.ContentLength == 0);

    private static bool Has<T>(Exception? cause)
        where T : Exception
    {
        while (cause is not null and not T)
        {
            cause = cause.InnerException;
        }

        return cause is not null;
    }
}
