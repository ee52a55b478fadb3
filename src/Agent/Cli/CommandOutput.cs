using System.Text.Json;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary>What commands print: results on standard output, errors on standard error.</summary>
internal static class CommandOutput
{
    /// <summary>True where a person watches: progress and colour make sense.</summary>
    public static bool IsTerminal => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>One JSON object on one line.</summary>
    public static void Json<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, typeof(T), ControlJson.Lines));

    /// <summary>A line.</summary>
    public static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>What the user has to put right.</summary>
    public static void Error(string text) => Console.Error.WriteLine($"bluegreen: {text}");
}
