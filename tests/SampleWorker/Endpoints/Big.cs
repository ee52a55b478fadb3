namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>GET /big?bytes=N: N bytes (default 1 MB) with their length; byte number i is i modulo 251.</summary>
internal static class Big
{
    private const int Period = 251;

    public static async Task HandleAsync(HttpContext context)
    {
        long left = context.Number("bytes", 1_000_000);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = left;
        var block = new byte[Period * 256];
        for (var i = 0; i < block.Length; i++)
            block[i] = (byte)(i % Period);
        for (; left > 0; left -= block.Length)
            await context.Response.Body.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)), context.RequestAborted);
    }
}
