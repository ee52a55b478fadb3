using System.Text;

namespace BlueGreen.Benchmarks.Running;

/// <summary>
/// Fills in a file of the Configurations folder: <c>@NAME@</c> becomes a value, and the lines between <c>#each app</c> and <c>#end</c>
/// are there once for each of the other apps in the table.
/// </summary>
internal static class Template
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Configurations");

    /// <summary>The path of a file that needs no filling in.</summary>
    public static string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>The text of a file with its values.</summary>
    public static string Fill(string file, IReadOnlyDictionary<string, string> values, IEnumerable<string> apps) =>
        FillText(File.ReadAllText(PathOf(file)), values, apps);

    /// <summary>The same of a text.</summary>
    public static string FillText(string text, IReadOnlyDictionary<string, string> values, IEnumerable<string> apps)
    {
        var filled = new StringBuilder();
        var repeated = new StringBuilder();
        var isRepeated = false;
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            switch (line.Trim())
            {
                case "#each app":
                    isRepeated = true;
                    break;
                case "#end":
                    isRepeated = false;
                    foreach (var app in apps)
                        filled.Append(repeated.ToString().Replace("@APP@", app, StringComparison.Ordinal));
                    repeated.Clear();
                    break;
                default:
                    (isRepeated ? repeated : filled).Append(line).Append('\n');
                    break;
            }
        }
        foreach (var (name, value) in values)
            filled.Replace($"@{name}@", value);
        return filled.ToString();
    }
}
