using System.CommandLine;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen releases prune</c>.</summary>
internal static class ReleasesPruneCommand
{
    private const int MostKept = 1000;

    public static Command Create(Option<string> app, Option<bool> json, Option<string?> state)
    {
        var keep = new Option<int?>("--keep", "-k") { Description = "How many of the newest releases stay. Default: the app's keep.releases.", HelpName = "N" };
        keep.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > MostKept)
            {
                result.AddError($"--keep: must be from 1 to {MostKept}");
            }
        });
        var command = new ExampledCommand("prune", "Delete old releases. What is live, and what a rollback would go back to, stays.",
            "bluegreen releases prune",
            "bluegreen releases prune --keep 2 --app api")
        {
            keep,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var report = await front.PruneAsync(parsed.GetRequiredValue(app), new PruneOrder { Keep = parsed.GetValue(keep) }, cancel);
            if (parsed.GetValue(json))
            {
                CommandOutput.Json(report);
            }
            else
            {
                CommandOutput.Line($"deleted: {List(report.Pruned)}; left: {List(report.Left)}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string List(IReadOnlyList<int> releases) => releases.Count > 0 ? string.Join(", ", releases) : "none";
}
