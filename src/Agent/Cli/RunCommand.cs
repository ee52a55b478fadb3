using System.CommandLine;
using BlueGreen.Agent.Hosting;
using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen run [RELEASE]</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var release = new Argument<string?>("RELEASE")
        {
            Description = "What to deploy when the app has no release yet. A front that has served before starts its last active release.",
            Arity = ArgumentArity.ZeroOrOne,
            Validators = { CommonOptions.NotEmpty },
        };
        var listen = new Option<Uri[]>("--listen", "-l")
        {
            Description = $"An address to listen on, such as http://*:80; can be repeated. Default: the file's, else {FrontOptions.DefaultListen}.",
            HelpName = "URL",
            CustomParser = result => [.. result.Tokens.Select(token =>
            {
                if (ListenAddress.TryParse(token.Value, out var address, out var problem))
                {
                    return address;
                }

                result.AddError($"--listen {token.Value}: {problem}");
                return new Uri(FrontOptions.DefaultListen);
            })],
        };
        var config = new Option<string?>("--config", "-c")
        {
            Description = $"The configuration file. Default: {RunSettings.DefaultConfigurationFile} in this folder, if it is there.",
            HelpName = "FILE",
            Validators = { CommonOptions.NotEmpty },
        };
        var state = CommonOptions.State();
        var app = new Option<string?>("--app", "-a") { Description = "The app RELEASE is for. Default: the only one, else web.", HelpName = "NAME" };
        app.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !AppName.IsValid(name))
            {
                result.AddError($"--app {name}: a name is letters, digits, '-' and '_', at most 64, and begins with a letter or digit");
            }
        });
        var logFormat = new Option<LogFormat>("--log-format") { Description = "The form of the front's own log on standard output: text or json." };
        var command = new ExampledCommand("run", "Run the front in the foreground: it owns the port, starts the workers and switches between releases.",
            "bluegreen run ./v1",
            "bluegreen run --listen http://*:80 --listen http://*:8080 ./v1",
            "bluegreen run --config /etc/bluegreen.yaml --log-format json")
        {
            release, listen, config, state, app, logFormat,
        };
        command.SetAction(async (parsed, _) =>
        {
            await AgentHost.RunAsync(new RunSettings
            {
                Release = parsed.GetValue(release) is { } given ? DeployCommand.ExistingSource(given) : null,
                Listen = parsed.GetValue(listen) ?? [],
                ConfigurationFile = parsed.GetValue(config) is { } file ? Path.GetFullPath(file) : null,
                State = parsed.GetValue(state),
                App = parsed.GetValue(app),
                LogFormat = parsed.GetValue(logFormat),
            });
            return ExitCodes.Done;
        });
        return command;
    }
}
