namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>/log?line=TEXT: prints the line to standard output, then answers.</summary>
internal static class Log
{
    public static Task HandleAsync(HttpContext context)
    {
        Console.WriteLine(context.Request.Query["line"].ToString());
        return context.Response.WriteAsync("printed\n");
    }
}
