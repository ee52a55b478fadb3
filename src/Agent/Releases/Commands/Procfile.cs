using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Releases.Commands;

/// <summary>A Procfile: a line <c>TYPE: COMMAND</c> for each process type. Other lines, such as comments, mean nothing.</summary>
internal static partial class Procfile
{
    /// <summary>The name of the file, at the top of a release.</summary>
    public const string Name = "Procfile";

    /// <summary>The command lines by type; of a type that comes twice the first. Null: the release has no Procfile.</summary>
    /// <param name="directory">The release.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IReadOnlyDictionary<string, string>? Read(string directory)
    {
        string path = Path.Combine(directory, Name);
        return !File.Exists(path)
            ? null
            : File.ReadLines(path).Select(line => TypeLine().Match(line)).Where(match => match.Success)
                .DistinctBy(match => match.Groups["type"].Value)
                .ToDictionary(match => match.Groups["type"].Value, match => match.Groups["command"].Value);
    }

    [GeneratedRegex(@"^\s*(?<type>[A-Za-z0-9][A-Za-z0-9_-]{0,63})\s*:\s*(?<command>\S.*?)\s*$")]
    private static partial Regex TypeLine();
}
