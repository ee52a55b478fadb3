using System.Globalization;
using BlueGreen.Proxy.Forwarding;
using BlueGreen.Proxy.Peers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BlueGreen.Proxy.Tls;

/// <summary>
/// Sends requests that came over http on to https, if their host has a certificate: whom else it would send where, nobody has said. 308
/// for all methods, which keeps them and their bodies as they are (RFC 9110, 15.4.9).
/// </summary>
/// <param name="port">The https port.</param>
/// <param name="certificates">The certificates there are.</param>
/// <param name="trusted">Who is believed that its client came over https.</param>
internal sealed class HttpsRedirect(int port, Func<CertificateTable> certificates, Func<TrustedProxies> trusted)
{
    /// <summary>The port of https URLs that name none (RFC 9110, 4.2.2).</summary>
    public const int DefaultPort = 443;

    /// <summary>Authorities ask here for the proof that a host is its owner's, over http (RFC 8555, 8.3).</summary>
    private static readonly PathString Challenges = "/.well-known/acme-challenge";

    private readonly string _port = port == DefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}");

    /// <summary>Answers the request if it is one to redirect.</summary>
    /// <returns>Whether it did.</returns>
    public bool TryAnswer(HttpContext context)
    {
        var request = context.Request;
        if (request.IsHttps || ForwardedHeaders.SayHttps(context, trusted())
            || request.Path.StartsWithSegments(Challenges, StringComparison.Ordinal) || !certificates().Names(request.Host.Host))
        {
            return false;
        }

        if (TargetOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } target)
        {
            return false;
        }

        if (target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            // No URL has such characters (RFC 3986, 2), and no header could carry them all.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return true;
        }

        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = $"https://{request.Host.Host.TrimEnd('.')}{_port}{target}";
        context.Response.ContentLength = 0;
        return true;
    }

    /// <summary>
    /// Path and query as the client wrote them, of a target in origin or absolute form (RFC 9112, 3.2); null for the others, which have
    /// no address that could be redirected.
    /// </summary>
    private static string? TargetOf(string target)
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

        var path = target.IndexOfAny(['/', '?'], scheme + 3);
        return path < 0 ? "/" : target[path] == '/' ? target[path..] : $"/{target[path..]}";
    }
}
