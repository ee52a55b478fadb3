namespace BlueGreen.Benchmarks.Traffic;

/// <summary>Runs a program that makes load, to its end.</summary>
internal static class LoadProgram
{
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        await using var process = StartedProcess.Start(program, arguments, Path.GetTempPath());
        var result = await CliResult.OfAsync(process);
        return result.Code == 0 ? result.Output : throw new InvalidOperationException($"{program} failed: {result}");
    }
}
