using System.Collections;
using System.Text.Json;

namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>GET /env: what the front told this worker: its variables, the working directory and the arguments, as JSON.</summary>
internal static class WorkerEnvironment
{
    private static readonly string[] Names = ["PORT", "HOST", "SOCKET", "ASPNETCORE_URLS", "RECORD_FILE"];

    public static Task HandleAsync(HttpContext context)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value))
            .Where(entry => IsShown(entry.Key))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary();
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            variables,
            directory = Environment.CurrentDirectory,
            program = Environment.ProcessPath,
            arguments = Environment.GetCommandLineArgs()[1..],
        }));
    }

    private static bool IsShown(string name) => Names.Contains(name)
        || name.StartsWith("BLUEGREEN_", StringComparison.Ordinal) || name.StartsWith("SAMPLE_", StringComparison.Ordinal);
}
