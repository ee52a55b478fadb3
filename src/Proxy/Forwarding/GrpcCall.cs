using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// What sets calls of gRPC apart ("gRPC over HTTP2", the protocol's own description): they go to the worker over HTTP/2, because
/// their status stands in the trailers, and what they are refused with is a status of gRPC, not of HTTP.
/// </summary>
internal static class GrpcCall
{
    private const string Type = "application/grpc";
    private const string Status = "grpc-status";
    private const string Message = "grpc-message";

    /// <summary>
    /// True for a call. Over HTTP/1.1 there is none, whatever the type says: its client could not be told the status. So that most
    /// requests are told apart by their protocol alone.
    /// </summary>
    public static bool Is(HttpRequest request) => !HttpProtocol.IsHttp11(request.Protocol) && !HttpProtocol.IsHttp10(request.Protocol)
        && HasTypeOf(request);

    /// <summary>application/grpc, also with a suffix or a parameter; not application/grpc-web, which is made for HTTP/1.1.</summary>
    public static bool HasTypeOf(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith(Type, StringComparison.OrdinalIgnoreCase)
        && (type.Length == Type.Length || type[Type.Length] is '+' or ';' or ' ');

    /// <summary>Answers a call that no worker answered: 200, and the status where the first headers are the last ("Trailers-Only").</summary>
    /// <param name="context">The call; nothing of its answer has been sent.</param>
    /// <param name="httpStatus">What another request would have been answered.</param>
    /// <param name="text">Why, for people.</param>
    public static Task RefuseAsync(HttpContext context, int httpStatus, string text)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = Type;
        response.Headers[Status] = StatusOf(httpStatus).ToString(CultureInfo.InvariantCulture);
        response.Headers[Message] = Escape(text);
        return response.CompleteAsync();
    }

    /// <summary>
    /// Ends a call as its worker did, by a reset of the stream before any answer: CANCEL stays CANCEL. Where the worker did not take
    /// the stream, and its body could not be sent a second time, that is REFUSED_STREAM (RFC 9113, 8.7): clients try again by themselves.
    /// PROTOCOL_ERROR and HTTP_1_1_REQUIRED stay: they tell of a worker that does not speak HTTP/2, not of the call.
    /// </summary>
    /// <returns>False when no reset is why the call failed; it has not been answered.</returns>
    public static bool TryPassResetOn(HttpContext context)
    {
        const int ProtocolError = 1;
        const int RefusedStream = 7;
        const int Http11Required = 13;
        var code = CodeIn(context.Features.Get<IForwarderErrorFeature>()?.Exception);
        if (code is null || context.Features.Get<IHttpResetFeature>() is not { } stream)
        {
            return false;
        }

        stream.Reset(code.Value);
        return true;

        // Where the body failed with the answer, both causes are told.
        static int? CodeIn(Exception? cause) => cause switch
        {
            null => null,
            SentAlreadyException => RefusedStream,
            HttpProtocolException { ErrorCode: > ProtocolError and not Http11Required and <= int.MaxValue } reset => (int)reset.ErrorCode,
            AggregateException all => all.InnerExceptions.Select(CodeIn).FirstOrDefault(code => code is not null),
            _ => CodeIn(cause.InnerException),
        };
    }

    /// <summary>"HTTP to gRPC Status Code Mapping", of the protocol's documents.</summary>
    private static int StatusOf(int httpStatus)
    {
        const int Unknown = 2;
        const int Unimplemented = 12;
        const int Internal = 13;
        const int Unavailable = 14;
        return httpStatus switch
        {
            StatusCodes.Status400BadRequest => Internal,
            StatusCodes.Status404NotFound or StatusCodes.Status501NotImplemented => Unimplemented,
            StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => Unavailable,
            _ => Unknown,
        };
    }

    /// <summary>Percent-encoded where it is not printable ASCII, as "Status-Message" is.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var part in Encoding.UTF8.GetBytes(text))
        {
            if (part is < 0x20 or > 0x7e or (byte)'%')
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{part:X2}");
            }
            else
            {
                escaped.Append((char)part);
            }
        }

        return escaped.ToString();
    }
}
