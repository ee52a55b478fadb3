using System.Globalization;
using BlueGreen.Benchmarks.Reports;
using BlueGreen.Benchmarks.Rows;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.CommandLine;

/// <summary>Runs the rows that were asked for, and prints what comes of each.</summary>
internal static class Comparison
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(BenchmarksArguments arguments)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{arguments.Bluegreen}\n{Environment.ProcessorCount} cores, load average {MachineLoad.Now:N1}; up to {arguments.Effort.Rounds} rounds of {arguments.Effort.Seconds} s each, in turn\n"));
        var results = new List<RowResult>();
        try
        {
            await RunRowsAsync(arguments, results);
        }
        catch (OperationCanceledException) when (results.Count > 0)
        {
            // What has been measured is worth as much as before the interruption.
            Console.WriteLine(MarkdownTable.Of(results));
            throw;
        }
        var markdown = MarkdownTable.Of(results);
        Console.WriteLine(markdown);
        if (arguments.MarkdownFile is { } markdownFile)
            await File.WriteAllTextAsync(markdownFile, markdown + "\n");
        if (arguments.JsonFile is { } jsonFile)
            await File.WriteAllTextAsync(jsonFile, ReportJson.Of(results) + "\n");
        return results.SelectMany(result => result.Samples)
            .Any(sample => sample.Subject == Subjects.Variant.Main && sample.Figures.GetValueOrDefault(Figure.Failed) > 0) ? 1 : 0;
    }

    private static async Task RunRowsAsync(BenchmarksArguments arguments, List<RowResult> results)
    {
        await using var stage = await Stage.StartAsync(arguments.Stage);
        foreach (var row in RowTable.Of(stage).Where(row => arguments.Rows.Contains(row.Name)))
        {
            if (arguments.IsQuick && !row.IsQuick && arguments.Rows == RowTable.Names)
                continue;
            if (stage.IsOverBudget)
            {
                Console.WriteLine($"{row.Name}: left out, the time is over\n");
                continue;
            }
            results.Add(await row.RunAsync(stage, arguments.Effort));
            Console.WriteLine(RowText.Of(results[^1]) + "\n");
        }
    }
}
