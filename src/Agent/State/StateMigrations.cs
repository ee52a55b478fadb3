using System.Text.Json.Nodes;

namespace BlueGreen.Agent.State;

/// <summary>
/// How an app that an older version wrote becomes what this one reads: one step a version, applied in turn, each on the JSON rather than
/// on types, which change again. A step leaves alone what has not the shape it expects; that is found when the result is read.
/// </summary>
internal static class StateMigrations
{
    private static readonly Dictionary<int, Action<JsonObject>> StepFrom = new()
    {
        [1] = AddActiveGeneration,
    };

    /// <summary>Brings an app to the current version, in place.</summary>
    /// <param name="app">The app as it was written.</param>
    /// <param name="version">The version that wrote it: 1 to the current one.</param>
    public static void Apply(JsonObject app, int version)
    {
        for (var from = version; from < FrontState.CurrentVersion; from++)
        {
            StepFrom[from](app);
        }
    }

    /// <summary>1 to 2: which workers serve is written down. Until then they were the last ones started of the active release.</summary>
    private static void AddActiveGeneration(JsonObject app)
    {
        if (Number(app["active"]) is not { } active || app["workers"] is not JsonArray workers)
        {
            return;
        }

        app["activeGeneration"] ??= workers.OfType<JsonObject>()
            .Where(worker => Number(worker["release"]) == active)
            .Max(worker => Number(worker["generation"]));
    }

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out long number) ? number : null;
}
