using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// What Kestrel and the client of a worker let pass although another reader of the same bytes could read them differently: most of what is
/// malformed they refuse themselves.
/// </summary>
internal static class MessageForm
{
    private const string Chunked = "chunked";

    /// <summary>
    /// True for a request whose body is coded otherwise than by "chunked", once (RFC 9112, 6.1): the coding is taken off here and the worker
    /// could not be told. Also for one of HTTP/1.0, which has no codings.
    /// </summary>
    public static bool HasUnknownCoding(HttpRequest request) =>
        request.Headers.TransferEncoding is { Count: > 0 } coding
        && (coding.Count > 1 || !IsChunked(coding[0]) || HttpProtocol.IsHttp10(request.Protocol));

    /// <summary>
    /// True for "get" and the like. Methods are case-sensitive (RFC 9110, 9.1), but the client of a worker would make GET of it, and HEAD
    /// of "head", whose answer has no body: Kestrel does not know that.
    /// </summary>
    public static bool HasMiswrittenMethod(HttpRequest request) =>
        HttpMethods.GetCanonicalizedValue(request.Method) is var known && !ReferenceEquals(known, request.Method) && known != request.Method;

    /// <summary>
    /// Resets a request of HTTP/2 that is malformed in a way Kestrel lets pass: no intermediary may pass such a one on (RFC 9113, 8.1.1). Those
    /// are headers of a connection (8.2.2) other than Connection and TE, and targets with blanks or other characters that no URL has
    /// (8.3.1), which would end the target in HTTP/1.1.
    /// </summary>
    /// <returns>Whether it did.</returns>
    public static bool TryResetMalformed(HttpContext context)
    {
        const int ProtocolError = 1;
        var headers = context.Request.Headers;
        if (!HttpProtocol.IsHttp2(context.Request.Protocol)
            || (headers.TransferEncoding.Count + headers.Upgrade.Count + headers.KeepAlive.Count + headers[HeaderNames.ProxyConnection].Count == 0
                && !context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            return false;
        }

        context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(ProtocolError);
        return true;
    }

    /// <summary>Refuses an answer whose end could be sought in two places, or whose coding the client could not be told.</summary>
    /// <exception cref="InvalidDataException">It has such a coding, or a length beside it (RFC 9112, 6.3).</exception>
    public static void Check(HttpResponseMessage answer)
    {
        if (answer.Headers.NonValidated.TryGetValues(HeaderNames.TransferEncoding, out var coding)
            && (coding.Count > 1 || !IsChunked(coding.ToString())
                || answer.Content.Headers.NonValidated.Contains(HeaderNames.ContentLength)))
        {
            throw new InvalidDataException($"The worker's answer is coded '{coding}', or has a length too.");
        }
    }

    private static bool IsChunked(string? coding) => coding.AsSpan().Trim(" \t").Equals(Chunked, StringComparison.OrdinalIgnoreCase);
}
