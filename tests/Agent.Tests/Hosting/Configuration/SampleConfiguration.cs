using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

/// <summary>The commented sample that is installed with the program.</summary>
internal static partial class SampleConfiguration
{
    public static string Path { get; } = System.IO.Path.Combine(RepositoryRoot(), "deploy", "bluegreen.yaml");

    /// <summary>As its reader leaves it who removes the '#' before every key.</summary>
    public static string Uncommented() => CommentedKey().Replace(File.ReadAllText(Path), "");

    [GeneratedRegex("(?<=^ *)#(?=[a-z])", RegexOptions.Multiline)]
    private static partial Regex CommentedKey();

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "BlueGreen.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"no BlueGreen.sln above {AppContext.BaseDirectory}");
        }

        return folder.FullName;
    }
}
