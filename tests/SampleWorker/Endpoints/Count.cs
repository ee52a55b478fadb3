using System.Security.Cryptography;

namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>POST /count: how many bytes came, and their SHA-256, as <c>{"bytes":N,"sha256":"hex"}</c>.</summary>
internal static class Count
{
    public static async Task HandleAsync(HttpContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        long bytes = 0;
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var read && read > 0)
        {
            hash.AppendData(buffer, 0, read);
            bytes += read;
        }
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"bytes":{{bytes}},"sha256":"{{Convert.ToHexStringLower(hash.GetHashAndReset())}}"}""");
    }
}
