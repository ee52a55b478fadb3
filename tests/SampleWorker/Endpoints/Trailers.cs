using System.Security.Cryptography;

namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>GET /trailers: a chunked body followed by the trailer fields <c>X-Checksum</c> and <c>X-Done</c>.</summary>
internal static class Trailers
{
    public static async Task HandleAsync(HttpContext context)
    {
        var body = "a body with trailers\n"u8.ToArray();
        context.Response.DeclareTrailer("X-Checksum");
        context.Response.DeclareTrailer("X-Done");
        await context.Response.Body.WriteAsync(body);
        context.Response.AppendTrailer("X-Checksum", Convert.ToHexStringLower(SHA256.HashData(body)));
        context.Response.AppendTrailer("X-Done", "true");
    }
}
