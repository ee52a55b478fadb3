using System.CommandLine;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen history</c>.</summary>
internal static class HistoryCommand
{
    private const int MaxLines = 100_000;
    private const int UsualLines = 20;

    private static readonly string[] Heads = ["BEGAN", "APP", "KIND", "BY", "RELEASE", "OUTCOME", "SWITCH", "TOTAL", "REASON"];

    public static Command Create()
    {
        var app = new Option<string?>("--app", "-a") { Description = "Only deployments of this app. Default: of all.", HelpName = "NAME" };
        var lines = new Option<int>("--lines", "-n") { Description = "How many of the last deployments.", HelpName = "N", DefaultValueFactory = _ => UsualLines };
        lines.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxLines)
            {
                result.AddError($"--lines: must be from 1 to {MaxLines}");
            }
        });
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand(
            "history", "Show the last deployments that have ended: who began them, what became of them. Oldest first.",
            "bluegreen history",
            "bluegreen history --app api --lines 100 --json")
        {
            app, lines, json, state,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var records = await front.HistoryAsync(parsed.GetValue(app), parsed.GetValue(lines), cancel);
            if (parsed.GetValue(json))
            {
                foreach (var record in records)
                {
                    CommandOutput.Json(record);
                }
            }
            else if (records.Count > 0)
            {
                foreach (var line in TextTable.Lines(Heads, [.. records.Select(Row)]))
                {
                    CommandOutput.Line(line);
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>A record in one line, without what it is about.</summary>
    public static string Sentence(DeploymentRecord record) =>
        $"{Words.Moment(record.StartedAt)} by {Began(record)}: {Words.Outcome(record.Outcome)}{(Reason(record) is { Length: > 0 } reason ? $", {reason}" : "")}";

    private static string[] Row(DeploymentRecord record) =>
    [
        Words.Moment(record.StartedAt),
        record.App,
        record.Kind,
        Began(record),
        record.Release is { } number ? $"{number} ({record.Label})" : Words.None,
        Words.Outcome(record.Outcome),
        Words.Duration(record.Durations?.SwitchMs),
        Words.Duration(record.Durations?.TotalMs),
        Reason(record),
    ];

    /// <summary>The user where there is one, else the occasion.</summary>
    private static string Began(DeploymentRecord record) => record.By is null ? record.Trigger : Words.Who(record.By);

    private static string Reason(DeploymentRecord record) =>
        record.Reason is { } reason ? record.Step is { } step ? $"at {step}: {reason}" : reason : "";
}
