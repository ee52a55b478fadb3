using System.Text;

namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>
/// POST /record: appends the body as one line to the file <c>RECORD_FILE</c> names, then answers 200. Several workers may
/// append to one file: each line is one write(2) to a descriptor opened with O_APPEND, which the kernel does not interleave. With
/// <c>?signed</c> the line ends with a blank and the worker's process id.
/// </summary>
internal static class Record
{
    private static readonly Lazy<AppendOnlyFile?> Target = new(() =>
        Environment.GetEnvironmentVariable("RECORD_FILE") is { Length: > 0 } path ? new AppendOnlyFile(path) : null);

    private static readonly byte[] Signature = Encoding.ASCII.GetBytes($" {Environment.ProcessId}");

    public static async Task HandleAsync(HttpContext context)
    {
        if (Target.Value is not { } file)
        {
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
            await context.Response.WriteAsync("RECORD_FILE is not set\n");
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (context.Request.Query.ContainsKey("signed"))
            body.Write(Signature);
        body.WriteByte((byte)'\n');
        file.Append(body.GetBuffer().AsSpan(0, (int)body.Length));
        await context.Response.WriteAsync("recorded\n");
    }
}
