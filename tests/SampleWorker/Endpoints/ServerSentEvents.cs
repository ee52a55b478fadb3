namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>GET /sse?every=MS: ticks without end (default every 100 ms), each with the release.</summary>
internal sealed class ServerSentEvents(Identity identity)
{
    public async Task HandleAsync(HttpContext context)
    {
        var pause = context.Number("every", 100);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        try
        {
            for (var tick = 1; ; tick++)
            {
                await context.Response.WriteAsync($"id: {tick}\ndata: {identity.Release}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(pause, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader left: the way every such stream ends.
        }
    }
}
