using System.Globalization;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>Reads <c>apps</c>: a map from names to apps that all answer somewhere else.</summary>
internal static class AppsReader
{
    /// <summary>Stands for any app's name in the list of keys.</summary>
    public const string AnyName = "NAME";

    /// <summary>In the file's order; the default app alone when there is none.</summary>
    public static ValueReader<IReadOnlyList<AppOptions>> Apps { get; } = ReadApps;

    /// <summary>The keys below <c>apps</c>, as in <c>NAME.health.path</c>.</summary>
    public static IEnumerable<string> Keys => AppSection.Section.Select(key => $"{AnyName}.{key}");

    private static ReadResult<IReadOnlyList<AppOptions>> ReadApps(ConfigurationValue value)
    {
        var apps = new List<AppOptions>();
        var sound = new List<(YamlEntry Entry, AppOptions App)>();
        if (value.TryGetEntries("a map from names to apps", out var entries))
        {
            foreach (var entry in entries)
            {
                var errorsBefore = value.Reading.ErrorCount;
                CheckName(value, entry);
                apps.Add(AppSection.Section.Read(value.Child(entry), new AppOptions { Name = entry.Key }));

                // An app that was not understood answers who knows where, so it conflicts with nobody.
                if (value.Reading.ErrorCount == errorsBefore)
                {
                    CheckRoutes(value, entry, apps[^1], sound);
                    CheckLogs(value, entry, apps[^1], sound);
                    sound.Add((entry, apps[^1]));
                }
            }
        }

        return ReadResult<IReadOnlyList<AppOptions>>.Of(apps.Count > 0 ? apps : [new AppOptions()]);
    }

    private static void CheckName(ConfigurationValue apps, YamlEntry entry)
    {
        if (!AppName.IsValid(entry.Key))
        {
            apps.Reading.Report(entry.Position, $"'{entry.Key}' is not a name for an app: {AppName.Rule}");
        }
    }

    private static void CheckRoutes(
        ConfigurationValue apps, YamlEntry entry, AppOptions app, List<(YamlEntry Entry, AppOptions App)> earlier)
    {
        foreach (var (otherEntry, other) in earlier)
        {
            var shared = app.Hosts.Intersect(other.Hosts, StringComparer.Ordinal).FirstOrDefault();
            if (app.Path == other.Path && (shared is not null || app.Hosts.Count + other.Hosts.Count == 0))
            {
                apps.Reading.Report(entry.Position, string.Create(
                    CultureInfo.InvariantCulture,
                    $"apps.{app.Name} answers to {shared ?? "all hosts"} at {app.Path}, and so does apps.{other.Name} "
                    + $"in line {otherEntry.Position.Line}: give one of them other hosts or another path"));
                return;
            }
        }
    }

    /// <summary>Two that set aside the same file would do it twice.</summary>
    private static void CheckLogs(
        ConfigurationValue apps, YamlEntry entry, AppOptions app, List<(YamlEntry Entry, AppOptions App)> earlier)
    {
        if (app.AccessLog?.Path is { } path && earlier.Find(other => other.App.AccessLog?.Path == path) is { App: { } other } same)
        {
            apps.Reading.Report(entry.Position, string.Create(
                CultureInfo.InvariantCulture,
                $"apps.{app.Name} writes its access log to {path}, and so does apps.{other.Name} "
                + $"in line {same.Entry.Position.Line}: give each a file of its own"));
        }
    }
}
