using System.CommandLine;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen logs</c>.</summary>
internal static class LogsCommand
{
    private const int MaxLines = 100_000;

    public static Command Create()
    {
        var app = CommonOptions.App();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is printed, by workers of later releases too, until Ctrl-C." };
        var release = new Option<int?>("--release", "-r") { Description = "Only the workers of this release. Default: the active one; with --follow all.", HelpName = "N" };
        var lines = new Option<int>("--lines", "-n") { Description = "How many of the last lines of each worker.", HelpName = "N", DefaultValueFactory = _ => 100 };
        lines.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > MaxLines)
            {
                result.AddError($"--lines: must be from 0 to {MaxLines}");
            }
        });
        var state = CommonOptions.State();
        var command = new ExampledCommand("logs", "Show what the workers print.",
            "bluegreen logs",
            "bluegreen logs -f",
            "bluegreen logs --release 6 --lines 20")
        {
            app, follow, release, lines, state,
        };
        command.SetAction(async (parsed, interrupted) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            try
            {
                await foreach (var line in front.LogsAsync(
                    parsed.GetRequiredValue(app), parsed.GetValue(release), parsed.GetValue(lines), parsed.GetValue(follow), interrupted))
                {
                    CommandOutput.Line(line);
                }
            }
            catch (OperationCanceledException) when (parsed.GetValue(follow))
            {
                // Ctrl-C is how following ends.
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
