using System.CommandLine;
using System.CommandLine.Parsing;
using BlueGreen.Agent.Control;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Configuration;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>--state: finds the front.</summary>
    public static Option<string?> State() => new("--state", "-s")
    {
        Description = $"The front's state folder. Default: ${StateDirectory.Variable}, else /var/lib/bluegreen for root and ~/.local/state/bluegreen for others.",
        HelpName = "DIR",
        Validators = { NotEmpty },
    };

    /// <summary>--app.</summary>
    public static Option<string> App()
    {
        var option = new Option<string>("--app", "-a")
        {
            Description = "The app.",
            HelpName = "NAME",
            DefaultValueFactory = _ => AppOptions.DefaultName,
        };
        return option;
    }

    /// <summary>--json.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON, one object a line." };

    /// <summary>--detach.</summary>
    public static Option<bool> Detach() => new("--detach", "-d") { Description = "Return as soon as the deployment has begun; it goes on in the front." };

    /// <summary>An option that takes a duration such as 30s.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (DurationText.TryParse(result.Tokens[0].Value, out var duration, out var problem) && duration > TimeSpan.Zero)
            {
                return duration;
            }

            result.AddError($"{name}: {problem ?? "must be more than zero"}");
            return null;
        },
    };

    /// <summary>Refuses the empty path that a script makes of an unset variable.</summary>
    public static void NotEmpty(OptionResult result) => NotEmpty(result, result.Option.Name);

    /// <summary>Refuses the empty path that a script makes of an unset variable.</summary>
    public static void NotEmpty(ArgumentResult result) => NotEmpty(result, result.Argument.Name);

    private static void NotEmpty(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{name}: must not be empty");
        }
    }

    /// <summary>A client for the front that --state names.</summary>
    public static ControlClient Connect(ParseResult parsed, Option<string?> state)
    {
        var path = StateDirectory.Find(parsed.GetValue(state)).ControlSocket;
        ControlServer.CheckLength(path);
        return new ControlClient(path);
    }
}
