using System.CommandLine;
using System.Globalization;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen releases</c>.</summary>
internal static class ReleasesCommand
{
    private static readonly string[] Heads = ["RELEASE", "LABEL", "OUTCOME", "DEPLOYED", "BY", "SIZE", "DIGEST", "SOURCE"];

    public static Command Create()
    {
        var app = CommonOptions.App();
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        // The commands below it have them too, and they may stand before those commands.
        (app.Recursive, json.Recursive, state.Recursive) = (true, true, true);
        var command = new ExampledCommand("releases", "List the releases in the store, newest first.",
            "bluegreen releases",
            "bluegreen releases --app api --json",
            "bluegreen releases show 7",
            "bluegreen releases prune --keep 2")
        {
            app, json, state, ReleasesShowCommand.Create(app, json, state), ReleasesPruneCommand.Create(app, json, state),
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var releases = await front.ReleasesAsync(parsed.GetRequiredValue(app), cancel);
            if (parsed.GetValue(json))
            {
                foreach (var release in releases)
                {
                    CommandOutput.Json(release);
                }
            }
            else if (releases.Count > 0)
            {
                foreach (var line in TextTable.Lines(Heads, [.. releases.Select(Row)]))
                {
                    CommandOutput.Line(line);
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string[] Row(StoredReleaseReport release) =>
    [
        release.Release.ToString(CultureInfo.InvariantCulture),
        release.Label,
        Words.Outcome(release.Outcome) + (release.RollbackTarget ? " (rollback target)" : ""),
        Words.Moment(release.At),
        Words.Who(release.By),
        Words.Size(release.SizeBytes),
        Words.Digest(release.Digest),
        release.Source,
    ];
}
