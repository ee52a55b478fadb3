using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// Writes the chunks of an answer to an HTTP/1.1 client itself, because Kestrel, which does it otherwise, cannot end them with
/// trailers (RFC 9112, 7.1.2). Used only where the worker announced trailers.
/// </summary>
internal sealed class ChunkedAnswer(PipeWriter output) : WriteOnlyStream, IHttpResponseTrailersFeature
{
    private const int LongestSize = 8;

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    /// <summary>True when the answer has a chunked body with trailers to come, for a client of HTTP/1.1.</summary>
    public static bool Suits(HttpContext context, HttpResponseMessage answer) =>
        answer.Headers.NonValidated.Contains(HeaderNames.Trailer)
        && answer.Headers.TransferEncodingChunked == true
        && HttpProtocol.IsHttp11(context.Request.Protocol)
        && !HttpMethods.IsHead(context.Request.Method)
        && answer.StatusCode >= HttpStatusCode.OK
        && answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.ResetContent or HttpStatusCode.NotModified);

    /// <summary>Takes over the body of the answer, whose headers are complete, and sends those.</summary>
    public static Task BeginAsync(HttpContext context, CancellationToken cancel)
    {
        var response = context.Response;
        var answer = new ChunkedAnswer(response.BodyWriter);
        context.Features.Set<IHttpResponseTrailersFeature>(answer);
        // Tells Kestrel that the chunks are not its to write.
        response.Headers.TransferEncoding = "chunked";
        response.Body = answer;
        // From here on a failure breaks the connection; no page could be written through this body.
        return response.StartAsync(cancel);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        Utf8Formatter.TryFormat(buffer.Length, output.GetSpan(LongestSize), out var length, new StandardFormat('x'));
        output.Advance(length);
        output.Write("\r\n"u8);
        output.Write(buffer.Span);
        output.Write("\r\n"u8);
        await output.FlushAsync(cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken).AsTask();

    /// <summary>The last chunk and the trailers; without it the answer counts as broken.</summary>
    public async ValueTask EndAsync(CancellationToken cancel)
    {
        var end = new StringBuilder("0\r\n");
        foreach (var (name, values) in Trailers)
        {
            foreach (var value in values)
            {
                end.Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }

        output.Write(Encoding.Latin1.GetBytes(end.Append("\r\n").ToString()));
        await output.FlushAsync(cancel);
    }
}
