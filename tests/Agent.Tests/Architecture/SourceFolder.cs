using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Tests.Architecture;

/// <summary>The source files, for what compiled code does not show: whose constants a file uses. Unused usings are build errors.</summary>
internal static partial class SourceFolder
{
    public static string Root { get; } = FindRoot();

    /// <summary>The namespace of each file of a folder below src with those it names in its usings.</summary>
    public static IEnumerable<(string File, string Namespace, IReadOnlyList<string> Usings)> Files(string below) =>
        from path in Directory.EnumerateFiles(Path.Combine(Root, "src", below), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path)
        where !relative.Split('/').Any(part => part is "obj" or "bin")
        let text = File.ReadAllText(path)
        select (
            relative,
            Namespace().Match(text).Groups[1].Value,
            (IReadOnlyList<string>)[.. Using().Matches(text).Select(match => match.Groups[1].Value)]);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?(BlueGreen[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Using();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BlueGreen.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"no BlueGreen.sln above {AppContext.BaseDirectory}");
        }

        return folder.FullName;
    }
}
