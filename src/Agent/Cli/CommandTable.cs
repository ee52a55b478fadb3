using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using BlueGreen.Agent.Hosting.Configuration;

namespace BlueGreen.Agent.Cli;

/// <summary>All commands, and how their failures become one line and an exit code.</summary>
internal static class CommandTable
{
    private static readonly string[] Examples =
    [
        "bluegreen run ./v1                 the front, with a first release",
        "bluegreen deploy ./v2              a new release, without losing a request",
        "bluegreen rollback                 back again",
    ];

    private static readonly TimeSpan PatienceAfterInterrupt = TimeSpan.FromSeconds(2);

    /// <summary>Runs the command the arguments name.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction and not ExampledHelp)
        {
            CommandOutput.Error($"{Problem(parsed)} See 'bluegreen {string.Join(' ', CommandPath(parsed).Append("--help"))}'.");
            return ExitCodes.Usage;
        }

        try
        {
            // The front has signal handling of its own, and so has what it runs for somebody; elsewhere Ctrl-C cancels the command, which then says what that means.
            var ownSignals = parsed.CommandResult.Command.Name is "run" or RunOnceCommand.Name;
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = ownSignals ? null : PatienceAfterInterrupt,
            });
        }
        catch (UserError e)
        {
            CommandOutput.Error(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            CommandOutput.Error("interrupted");
            return ExitCodes.Interrupted;
        }
        catch (ConfigurationException e)
        {
            foreach (var error in e.Errors)
            {
                CommandOutput.Error(error.ToString());
            }

            return ExitCodes.Usage;
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Deploys new versions of a web app without losing a request.")
        {
            RunCommand.Create(),
            DeployCommand.Create(),
            RollbackCommand.Create(),
            RestartCommand.Create(),
            RunOnceCommand.Create(),
            CheckCommand.Create(),
            ScaleCommand.Create(),
            StatusCommand.Create(),
            ReleasesCommand.Create(),
            HistoryCommand.Create(),
            LogsCommand.Create(),
            ReloadCommand.Create(),
            ValidateCommand.Create(),
            StopCommand.Create(),
            CompletionCommand.Create(),
        };
        var usual = root.Options.OfType<HelpOption>().Single();
        root.Options.Remove(usual);
        // Without the spellings of another operating system, which completion would offer.
        root.Options.Add(new HelpOption("--help", "-h") { Action = new ExampledHelp((HelpAction)usual.Action!, Examples) });
        return root;
    }

    /// <summary>One line that ends with a full stop. Of a misspelt command the parser says first that there is none.</summary>
    private static string Problem(ParseResult parsed)
    {
        var message = parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens is [var unknown, ..]
            ? $"There is no command or option '{unknown}'"
            : parsed.Errors[0].Message;
        return string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.') + ".";
    }

    private static List<string> CommandPath(ParseResult parsed)
    {
        List<string> names = [];
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: not RootCommand and var command }; at = at.Parent)
        {
            names.Insert(0, command.Name);
        }

        return names;
    }
}
