namespace BlueGreen.EndToEnd.Tests.Examples;

/// <summary>Makes releases of the examples in deploy/, as their README says.</summary>
internal static class ExampleRelease
{
    /// <summary>A folder to deploy.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="language">dotnet, node, python or go.</param>
    /// <param name="name">The name of the release's folder, so its label.</param>
    /// <returns>Its path.</returns>
    public static async Task<string> MakeAsync(TestFolder folder, string language, string name)
    {
        var path = Directory.CreateDirectory(folder.In(name)).FullName;
        if (language == "go")
            await BuildGoAsync(path);
        else
            Copy(language == "dotnet" ? Programs.DotnetExample : Path.Combine(Programs.Examples, language), path);
        return path;
    }

    /// <summary>What starts the release where there is no bluegreen.</summary>
    public static (string Program, string[] Arguments) CommandOf(string language, string path) => language switch
    {
        "dotnet" => (Path.Combine(path, "LeaderExample"), []),
        "go" => (Path.Combine(path, "server"), []),
        "node" => ("node", ["server.js"]),
        _ => ("python3", ["server.py"]),
    };

    // What is compiled once is kept by Go itself, in a cache of this user.
    private static async Task BuildGoAsync(string path)
    {
        await using var build = StartedProcess.Start(
            "go", ["build", "-o", Path.Combine(path, "server")], Path.Combine(Programs.Examples, "go"),
            new Dictionary<string, string> { ["CGO_ENABLED"] = "0", ["GOFLAGS"] = "-mod=mod", ["GOTOOLCHAIN"] = "local" });
        var result = await CliResult.OfAsync(build);
        Assert.True(result.Code == 0, result.ToString());
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
