using System.CommandLine;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen releases show RELEASE</c>.</summary>
internal static class ReleasesShowCommand
{
    public static Command Create(Option<string> app, Option<bool> json, Option<string?> state)
    {
        var number = new Argument<int>("RELEASE") { Description = "The number of the release." };
        var command = new ExampledCommand("show", "Show all that is known of one release. Of its environment the names alone.",
            "bluegreen releases show 7",
            "bluegreen releases show 7 --app api --json")
        {
            number,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var release = await front.ReleaseAsync(parsed.GetRequiredValue(app), parsed.GetValue(number), cancel);
            if (parsed.GetValue(json))
            {
                CommandOutput.Json(release);
                return ExitCodes.Done;
            }

            foreach (var (name, value) in Lines(release))
            {
                CommandOutput.Line($"{name,-12} {value}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<(string Name, string Value)> Lines(ReleaseReport release)
    {
        yield return ("release", $"{release.Release} ({release.Label})");
        yield return ("outcome", Words.Outcome(release.Outcome) + (release.RollbackTarget ? " (rollback target)" : ""));
        yield return ("deployed", $"{Words.Moment(release.At)} by {Words.Who(release.By)}");
        yield return ("source", release.Source);
        yield return ("digest", release.Digest);
        yield return ("size", $"{Words.Size(release.SizeBytes)} ({release.SizeBytes} bytes)");
        if (release.SameContent.Count > 0)
        {
            yield return ("same content", $"release {string.Join(", ", release.SameContent)}");
        }

        yield return ("command", $"{release.Command} ({release.CommandOrigin})");
        yield return ("folder", release.Directory);
        yield return ("env", release.Env.Count > 0 ? string.Join(", ", release.Env) : Words.None);
        foreach (var record in release.Deployments)
        {
            yield return (record.Kind, HistoryCommand.Sentence(record));
        }
    }
}
