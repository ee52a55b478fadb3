using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting;
using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

/// <summary>Parses texts the way a file in /etc/bluegreen would be.</summary>
internal static class Yaml
{
    public const string BaseDirectory = "/etc/bluegreen";

    public static FrontOptions Parse(string text) => ConfigurationFile.Parse(text, "bluegreen.yaml", BaseDirectory);

    /// <summary>The only app, from the lines below its name.</summary>
    public static AppOptions App(string lines) => Assert.Single(Parse(AppText(lines)).Apps);

    /// <summary>Each error as LINE:COLUMN: MESSAGE, in the order given; empty when there is none.</summary>
    public static string[] Errors(string text)
    {
        try
        {
            Parse(text);
            return [];
        }
        catch (ConfigurationException e)
        {
            return [.. e.Errors.Select(error => $"{error.Line}:{error.Column}: {error.Message}")];
        }
    }

    /// <summary>The only error of an app's lines, which begin in line 3 at column 5.</summary>
    public static string AppError(string lines) => Assert.Single(Errors(AppText(lines)));

    private static string AppText(string lines) =>
        "apps:\n  web:\n" + string.Concat(lines.Split('\n').Select(line => $"    {line}\n"));
}
