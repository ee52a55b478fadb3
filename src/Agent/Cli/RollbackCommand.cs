using System.CommandLine;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen rollback [RELEASE]</c>.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var release = new Argument<int?>("RELEASE")
        {
            Description = "The number of the release. Default: the one that served before the active one.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var releasePhase = new Option<bool>("--release-phase")
        {
            Description = "Run the release phase (its process type 'release', such as migrations) of that release, too. Default: it is not run again.",
        };
        var app = CommonOptions.App();
        var detach = CommonOptions.Detach();
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand("rollback", "Go back to an earlier release, with the environment and the command it had.",
            "bluegreen rollback",
            "bluegreen rollback 6 --app api",
            "bluegreen rollback --release-phase")
        {
            release, releasePhase, app, detach, json, state,
        };
        command.SetAction(async (parsed, interrupted) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var order = new RollbackOrder { Release = parsed.GetValue(release), ReleasePhase = parsed.GetValue(releasePhase) };
            return await DeploymentFollower.FollowAsync(
                front.RollbackAsync(parsed.GetRequiredValue(app), order, interrupted), parsed.GetValue(json), parsed.GetValue(detach), interrupted);
        });
        return command;
    }
}
