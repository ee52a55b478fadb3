using System.CommandLine;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen reload</c>.</summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand("reload", "Have the front read its configuration again. A wrong one changes nothing.",
            "bluegreen reload",
            "bluegreen validate && bluegreen reload")
        {
            json, state,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var report = await front.ReloadAsync(cancel);
            if (parsed.GetValue(json))
            {
                CommandOutput.Json(report);
            }
            else if (report.Applied.Count + report.NeedsRestart.Count + report.Errors.Count == 0)
            {
                CommandOutput.Line("nothing has changed");
            }

            foreach (var line in parsed.GetValue(json) ? [] : report.Applied.Concat(report.NeedsRestart))
            {
                CommandOutput.Line(line);
            }

            foreach (var error in report.Errors)
            {
                CommandOutput.Error(error);
            }

            return report.Errors.Count == 0 ? ExitCodes.Done : ExitCodes.Usage;
        });
        return command;
    }
}
