using System.CommandLine;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen deploy SOURCE</c>.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("SOURCE")
        {
            Description = "A directory, an executable file, or a .tar.gz, .tgz or .zip of either. It is copied; the original may change at any time.",
            Validators = { CommonOptions.NotEmpty },
        };
        var app = CommonOptions.App();
        var label = new Option<string?>("--label", "-l") { Description = "A name for people. Default: the file or directory name.", HelpName = "TEXT" };
        var commandLine = new Option<string?>("--command", "-c") { Description = "How to start a worker; $PORT is filled in. Default: found in the release.", HelpName = "COMMAND" };
        var timeout = CommonOptions.Duration("--timeout", "How long it may take until the switch, such as 60s. Default: the app's health.deadline bounds the wait for its workers.");
        var detach = CommonOptions.Detach();
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand("deploy", "Make a new release live. Returns when the switch is done and the old release has drained.",
            "bluegreen deploy ./v2",
            "bluegreen deploy build.tar.gz --label 1.4.2 --timeout 30s",
            "bluegreen deploy ./bin --command './server --port $PORT' --app api")
        {
            source, app, label, commandLine, timeout, detach, json, state,
        };
        command.SetAction(async (parsed, interrupted) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var order = new DeployOrder
            {
                Source = ExistingPath(parsed.GetRequiredValue(source)),
                Label = parsed.GetValue(label),
                Command = parsed.GetValue(commandLine),
                TimeoutMs = (long?)parsed.GetValue(timeout)?.TotalMilliseconds,
            };
            return await DeploymentFollower.FollowAsync(
                front.DeployAsync(parsed.GetRequiredValue(app), order, interrupted), parsed.GetValue(json), parsed.GetValue(detach), interrupted);
        });
        return command;
    }

    /// <summary>The absolute path of what is to be deployed; the front has another working folder.</summary>
    /// <exception cref="UserError">Nothing is there.</exception>
    public static string ExistingPath(string given)
    {
        var path = Path.GetFullPath(given);
        return Path.Exists(path) ? path : throw new UserError($"there is nothing at {path} to deploy");
    }
}
