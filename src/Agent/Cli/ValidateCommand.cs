using System.CommandLine;
using BlueGreen.Agent.Hosting;
using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen validate</c>.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--config", "-c")
        {
            Description = "The configuration file.",
            HelpName = "FILE",
            Validators = { CommonOptions.NotEmpty },
            DefaultValueFactory = _ => RunSettings.DefaultConfigurationFile,
        };
        var command = new ExampledCommand("validate", "Check a configuration file; nothing has to run for that.",
            "bluegreen validate",
            "bluegreen validate --config /etc/bluegreen.yaml")
        {
            file,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var options = ConfigurationFile.Read(path);
            foreach (var warning in (string[])[.. CertificateWarnings.Of(options), .. TrustWarnings.Of(options), .. LimitsWarnings.Of(options)])
            {
                CommandOutput.Error($"warning: {warning}");
            }

            CommandOutput.Line($"{path} is right: {string.Join(", ", options.Apps.Select(app => app.Name))} on {string.Join(", ", options.Listen.Select(ListenAddress.Format))}");
            return ExitCodes.Done;
        });
        return command;
    }
}
