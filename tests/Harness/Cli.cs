namespace BlueGreen.Harness;

/// <summary>Runs the real <c>bluegreen</c> executable.</summary>
public static class Cli
{
    /// <summary>Starts a command. Dispose what is returned.</summary>
    /// <param name="directory">Its working folder.</param>
    /// <param name="arguments">The command and its arguments.</param>
    public static StartedProcess Start(string directory, params IEnumerable<string> arguments) =>
        StartedProcess.Start(Programs.Bluegreen, arguments, directory);

    /// <summary>Runs a command to its end; it is killed when the test's time is over.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    public static async Task<CliResult> RunAsync(params IEnumerable<string> arguments)
    {
        await using var process = Start(Path.GetTempPath(), arguments);
        return await CliResult.OfAsync(process);
    }
}
