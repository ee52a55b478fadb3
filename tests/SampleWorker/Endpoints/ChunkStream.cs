namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>GET /stream?chunks=N&amp;every=MS: N lines (default 10), each flushed, with that pause between them (default 100 ms).</summary>
internal static class ChunkStream
{
    public static async Task HandleAsync(HttpContext context)
    {
        var chunks = context.Number("chunks", 10);
        var pause = context.Number("every", 100);
        context.Response.ContentType = "text/plain";
        for (var chunk = 1; chunk <= chunks; chunk++)
        {
            await context.Response.WriteAsync($"chunk {chunk} of {chunks}\n");
            await context.Response.Body.FlushAsync();
            if (chunk < chunks)
                await Task.Delay(pause, context.RequestAborted);
        }
    }
}
