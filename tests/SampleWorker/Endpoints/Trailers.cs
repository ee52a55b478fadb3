using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>
/// GET /trailers: a chunked body followed by the trailer fields <c>X-Checksum</c> and <c>X-Done</c>. Kestrel offers trailers
/// from HTTP/2 on only, but leaves the framing to whoever sets Transfer-Encoding, so the chunks are written by hand.
/// </summary>
internal static class Trailers
{
    private const string Text = "a body with trailers\n";

    public static Task HandleAsync(HttpContext context)
    {
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));
        context.Response.ContentType = "text/plain";
        context.Response.Headers.TransferEncoding = "chunked";
        context.Response.Headers.Trailer = "X-Checksum, X-Done";
        return context.Response.WriteAsync(
            $"{Text.Length:x}\r\n{Text}\r\n0\r\nX-Checksum: {checksum}\r\nX-Done: true\r\n\r\n");
    }
}
