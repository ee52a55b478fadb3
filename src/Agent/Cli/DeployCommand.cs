using System.CommandLine;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen deploy SOURCE</c>.</summary>
internal static class DeployCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("SOURCE")
        {
            Description = "A directory, an executable file, or an archive of either (tar, also with gzip or zstd; zip): a path, or a URL (http, https, s3://BUCKET/KEY, github://OWNER/REPOSITORY[@TAG]). It is copied; the original may change at any time.",
            Validators = { CommonOptions.NotEmpty },
        };
        var app = CommonOptions.App();
        var label = new Option<string?>("--label", "-l") { Description = "A name for people. Default: the file or directory name.", HelpName = "TEXT" };
        var commandLine = new Option<string?>("--command", "-c") { Description = "How to start a worker; $PORT is filled in. Default: found in the release.", HelpName = "COMMAND" };
        var timeout = CommonOptions.Duration("--timeout", "How long it may take until the switch, such as 60s. Default: the app's health.deadline bounds the wait for its workers.");
        var sha256 = Sha256();
        var detach = CommonOptions.Detach();
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand("deploy", "Make a new release live. Returns when the switch is done and the old release has drained.",
            "bluegreen deploy ./v2",
            "bluegreen deploy build.tar.gz --label 1.4.2 --timeout 30s",
            "bluegreen deploy build.zip --sha256 \"$(cut -c1-64 build.zip.sha256)\"",
            "bluegreen deploy https://ci.example.com/app/build.tar.gz",
            "bluegreen deploy github://acme/app@v1.4.2",
            "bluegreen deploy ./bin --command './server --port $PORT' --app api")
        {
            source, app, label, commandLine, timeout, sha256, detach, json, state,
        };
        command.SetAction(async (parsed, interrupted) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var order = new DeployOrder
            {
                Source = ExistingSource(parsed.GetRequiredValue(source)).Text,
                Label = parsed.GetValue(label),
                Command = parsed.GetValue(commandLine),
                TimeoutMs = (long?)parsed.GetValue(timeout)?.TotalMilliseconds,
                Sha256 = parsed.GetValue(sha256),
            };
            return await DeploymentFollower.FollowAsync(
                front.DeployAsync(parsed.GetRequiredValue(app), order, interrupted), parsed.GetValue(json), parsed.GetValue(detach), interrupted);
        });
        return command;
    }

    /// <summary>--sha256; what other programs print, with their <c>sha256:</c> before it, is taken too.</summary>
    private static Option<string?> Sha256() => new("--sha256")
    {
        Description = "The SHA-256 the file must have, or it is refused. Default: what a NAME.sha256 or SHA256SUMS beside it says.",
        HelpName = "HEX",
        CustomParser = result =>
        {
            const string prefix = "sha256:";
            var text = result.Tokens[0].Value;
            text = text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? text[prefix.Length..] : text;
            if (Sha256Text.IsValid(text))
            {
                return text;
            }

            result.AddError($"--sha256: '{result.Tokens[0].Value}' is not {Sha256Text.Rule}");
            return null;
        },
    };

    /// <summary>What is to be deployed; a path becomes an absolute one, since the front has another working folder.</summary>
    /// <exception cref="UserError">It is no source, or a path where nothing is.</exception>
    public static SourceAddress ExistingSource(string given)
    {
        if (!SourceAddress.TryParse(given, Environment.CurrentDirectory, out var address, out var problem))
        {
            throw new UserError($"the source cannot be understood: {problem}");
        }

        return !address.IsLocal || Path.Exists(address.Text) ? address : throw new UserError($"there is nothing at {address.Text} to deploy");
    }
}
