using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlueGreen.Agent.State;

/// <summary>Reads a copy of the state, whatever is in it. Apps are read one by one: damage in one takes nothing from the others.</summary>
internal static class StateReader
{
    // Of two values with one name the wrong one might be taken.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a file.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="StateException">A newer version of this program wrote it.</exception>
    public static StateCopy? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var document = JsonDocument.Parse(file);
            return Read(path, document.RootElement);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new StateCopy { Unreadable = e.Message };
        }
    }

    private static StateCopy Read(string path, JsonElement root)
    {
        if (Version(path, root) is not { } version || !root.TryGetProperty("apps", out var entries) || entries.ValueKind != JsonValueKind.Object)
        {
            return new StateCopy { Unreadable = "it is JSON, but no state" };
        }

        var apps = ImmutableSortedDictionary.CreateBuilder<string, AppState>();
        var damaged = ImmutableSortedDictionary.CreateBuilder<string, string>();
        var entriesOf = entries.EnumerateObject().ToLookup(NameOf, entry => entry.Value);
        foreach (var (name, values) in entriesOf.Where(group => group.Key is not null).Select(group => (group.Key!, group.ToArray())))
        {
            var (app, problem) = values.Length == 1 ? ReadApp(values[0], version) : (null, "it is there more than once");
            if (app is not null)
            {
                apps[name] = app;
            }
            else
            {
                damaged[name] = problem!;
            }
        }

        return new StateCopy { Apps = apps.ToImmutable(), Damaged = damaged.ToImmutable(), HasNameless = entriesOf.Contains(null) };
    }

    // Looked at before the rest, which in another format may well be unreadable.
    private static int? Version(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("version", out var text)
            || text.ValueKind != JsonValueKind.Number || !text.TryGetInt32(out var version) || version < 1)
        {
            return null;
        }

        return version <= FrontState.CurrentVersion ? version : throw new StateException(
            $"{path} was written by a newer version of bluegreen (format {version}, this one knows {FrontState.CurrentVersion}); install that version again");
    }

    /// <summary>The name of an app, which is that of folders too; null for what cannot be one.</summary>
    private static string? NameOf(JsonProperty entry)
    {
        try
        {
            return entry.Name is { Length: > 0 } name && name[0] != '.' && name.AsSpan().IndexOfAny('/', '\0') < 0 ? name : null;
        }
        catch (InvalidOperationException)
        {
            // It is no UTF-8.
            return null;
        }
    }

    private static (AppState? App, string? Problem) ReadApp(JsonElement entry, int version)
    {
        try
        {
            if (JsonNode.Parse(entry.GetRawText(), documentOptions: Strict) is not JsonObject json)
            {
                return (null, "it is not an object");
            }

            StateMigrations.Apply(json, version);
            var app = json.Deserialize(StateJson.Default.AppState)!;
            return AppStateCheck.Problem(app) is { } problem ? (null, problem) : (AppStateCheck.WithCounters(app), null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for text that is no UTF-8.
            return (null, e.Message);
        }
    }
}
