using System.CommandLine;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen releases</c>.</summary>
internal static class ReleasesCommand
{
    public static Command Create()
    {
        var app = CommonOptions.App();
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand("releases", "List the releases in the store, newest first.",
            "bluegreen releases",
            "bluegreen releases --app api --json")
        {
            app, json, state,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            foreach (var release in await front.ReleasesAsync(parsed.GetRequiredValue(app), cancel))
            {
                if (parsed.GetValue(json))
                {
                    CommandOutput.Json(release);
                }
                else
                {
                    CommandOutput.Line(Line(release));
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string Line(StoredReleaseReport release) =>
        $"{release.Release,4}  {release.Label,-20}  {Role(release),-15}  {release.At.LocalDateTime:yyyy-MM-dd HH:mm:ss}  {release.SizeBytes / 1048576.0,8:0.0} MiB  {release.Digest[.."sha256:0123456789ab".Length]}  {release.Source}";

    private static string Role(StoredReleaseReport release) => release.Role ?? (release.RollbackTarget ? "rollback target" : "-");
}
