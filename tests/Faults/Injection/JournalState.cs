using System.Text.Json;

namespace BlueGreen.Faults.Injection;

/// <summary>What DIR/state.json says of the app, as far as it tells where a deployment is.</summary>
/// <param name="Active">The release that serves.</param>
/// <param name="Step">The step of the deployment under way; null when there is none.</param>
/// <param name="Candidate">The release that is being deployed, once it has a number.</param>
public sealed record JournalState(int? Active, string? Step, int? Candidate)
{
    /// <summary>Reads the file; null when there is none, or none that can be read.</summary>
    public static JournalState? Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (!document.RootElement.TryGetProperty("apps", out var apps) || !apps.TryGetProperty("web", out var app))
                return new JournalState(null, null, null);
            return app.TryGetProperty("deployment", out var under) && under.ValueKind == JsonValueKind.Object
                ? new JournalState(Number(app, "active"), under.GetProperty("step").GetString(), Number(under, "release"))
                : new JournalState(Number(app, "active"), null, null);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : null;
}
