namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>GET /slow?ms=N: answers after N milliseconds (default 1000).</summary>
internal static class Slow
{
    public static async Task HandleAsync(HttpContext context)
    {
        var milliseconds = context.Number("ms", 1000);
        await Task.Delay(milliseconds, context.RequestAborted);
        await context.Response.WriteAsync($"after {milliseconds} ms\n");
    }
}
