using System.Globalization;
using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Reports;
using BlueGreen.Faults.Running;
using BlueGreen.Faults.Stages;

namespace BlueGreen.Faults.CommandLine;

/// <summary>Runs what the command line asks for, and prints what comes of it.</summary>
internal static class Commands
{
    private const int Well = 0;
    private const int Wrong = 1;

    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(FaultsArguments arguments)
    {
        Say($"seed {arguments.Seed}, {Programs.Bluegreen}");
        return arguments.Command switch
        {
            "matrix" => MatrixAsync(arguments),
            "soak" => SoakAsync(arguments),
            "deploys" => DeploysAsync(arguments),
            "once" => OnceAsync(arguments),
            _ => TruncateAsync(arguments),
        };
    }

    private static async Task<int> MatrixAsync(FaultsArguments arguments)
    {
        IReadOnlyList<Cell> cells = [.. arguments.Cells.Where(cell => cell.Obstacle is null)];
        var done = 0;
        var matrix = new MatrixRun(cells, arguments.Times, arguments.Seed)
        {
            OnResult = result =>
            {
                Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{++done} of {cells.Count * arguments.Times} "));
                if (!result.IsGood)
                    Say($"\n{CellText.Of(result)}\n");
            },
        };
        var results = await matrix.RunAsync(arguments.Parallel);
        Say($"\n{MatrixTable.Of(arguments.Cells, results)}");
        return results.All(result => result.IsGood) ? Well : Wrong;
    }

    private static async Task<int> SoakAsync(FaultsArguments arguments)
    {
        await using var stage = await Stage.StartAsync(new StageOptions());
        var result = await new SoakRun(stage, arguments.For, arguments.Seed) { OnLine = Say }.RunAsync();
        Say(RunText.Of(result));
        if (!result.IsGood)
            Say(stage.FrontLog);
        return result.IsGood ? Well : Wrong;
    }

    private static async Task<int> DeploysAsync(FaultsArguments arguments)
    {
        await using var stage = await Stage.StartAsync(new StageOptions());
        var result = await new DeploysRun(stage, arguments.Count) { OnSample = sample => Say(RunText.Of(sample)) }.RunAsync();
        Say(RunText.Of(result));
        return result.IsGood ? Well : Wrong;
    }

    private static async Task<int> OnceAsync(FaultsArguments arguments)
    {
        await using var stage = await Stage.StartAsync(StageOptions.Once(arguments.Job));
        var result = await new OnceRun(stage, arguments.Count, arguments.Kills, arguments.Seed) { OnLine = Say }.RunAsync();
        Say(OnceText.Of(result));
        if (!result.IsGood)
            Say(stage.FrontLog);
        return result.IsGood ? Well : Wrong;
    }

    private static async Task<int> TruncateAsync(FaultsArguments arguments)
    {
        using var folder = new TestFolder();
        var run = new TruncateRun(folder)
        {
            OnPosition = position => Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{position} ")),
        };
        var result = await run.RunAsync(
            bytes => Enumerable.Range(0, bytes + 1).Where(position => position % arguments.Every == 0 || position == bytes));
        Say($"\n{RunText.Of(result)}");
        return result.Problems.Count == 0 ? Well : Wrong;
    }

    private static void Say(string text) => Console.WriteLine(text);
}
