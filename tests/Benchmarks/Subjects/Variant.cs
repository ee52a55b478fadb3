namespace BlueGreen.Benchmarks.Subjects;

/// <summary>A way to run bluegreen; several can be compared with each other.</summary>
/// <param name="Name">Its name in the tables.</param>
/// <param name="Program">The executable.</param>
/// <param name="Environment">Variables it is started with.</param>
/// <param name="AccessLog">The format of the access log it keeps of its app; null: none.</param>
internal sealed record Variant(string Name, string Program, IReadOnlyDictionary<string, string> Environment, string? AccessLog = null)
{
    /// <summary>The name of the one that every other subject is compared with.</summary>
    public const string Main = "bluegreen";

    /// <summary>
    /// Reads NAME:VARIABLE=VALUE,VARIABLE=VALUE; "program" as a variable is the path of another executable, "accessLog" a format.
    /// </summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Variant Parse(string text, string program)
    {
        var parts = text.Split(':', 2);
        var settings = new Dictionary<string, string>();
        foreach (var setting in parts.Length == 2 ? parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            var pair = setting.Split('=', 2);
            if (pair.Length != 2)
                throw new FormatException($"--also {text}: {setting} is no VARIABLE=VALUE.");
            settings[pair[0]] = pair[1];
        }
        if (parts[0].Length == 0 || parts[0] == Main)
            throw new FormatException($"--also {text}: a name of its own is needed.");
        if (settings.Remove("accessLog", out var log) && log is not ("combined" or "json"))
            throw new FormatException($"--also {text}: accessLog is combined or json.");
        return new Variant(parts[0], settings.Remove("program", out var other) ? Path.GetFullPath(other) : program, settings, log);
    }
}
