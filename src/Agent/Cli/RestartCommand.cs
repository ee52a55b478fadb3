using System.CommandLine;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen restart</c>.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        var app = CommonOptions.App();
        var detach = CommonOptions.Detach();
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand("restart", "Give the active release fresh workers, with the same guarantees as a deploy.",
            "bluegreen restart",
            "bluegreen restart --app api --json")
        {
            app, detach, json, state,
        };
        command.SetAction(async (parsed, interrupted) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            return await DeploymentFollower.FollowAsync(
                front.RestartAsync(parsed.GetRequiredValue(app), interrupted), parsed.GetValue(json), parsed.GetValue(detach), interrupted);
        });
        return command;
    }
}
