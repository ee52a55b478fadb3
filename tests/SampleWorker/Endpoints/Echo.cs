namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>POST /echo: sends every byte back as soon as it arrives.</summary>
internal static class Echo
{
    public static async Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType ?? "application/octet-stream";
        await context.Response.Body.FlushAsync();
        var buffer = new byte[16 * 1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var read && read > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
