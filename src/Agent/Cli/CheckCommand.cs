using System.CommandLine;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var app = CommonOptions.App();
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand("check", "Look at an app's source now. What is new there is deployed, or only said with 'deploy: notify'.",
            "bluegreen check",
            "bluegreen check --app api --json")
        {
            app, json, state,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var report = await front.CheckAsync(parsed.GetRequiredValue(app), cancel);
            if (parsed.GetValue(json))
            {
                CommandOutput.Json(report);
            }
            else
            {
                CommandOutput.Line($"{report.App}: {report.Source}: {report.Result}: {report.Detail}");
            }

            return report.Result is "failed" or "refused" ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }
}
