namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>/crash: the process exits with code 3 at once, without an answer and without the host's graceful stop.</summary>
internal static class Crash
{
    private const int ExitCode = 3;

    public static Task HandleAsync(HttpContext context)
    {
        NativeMethods.ExitAtOnce(ExitCode);
        return Task.CompletedTask;
    }
}
