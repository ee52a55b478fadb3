using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen scale</c>.</summary>
internal static class ScaleCommand
{
    /// <summary>Stands for what the configuration says.</summary>
    private const string Configured = "default";

    public static Command Create()
    {
        var types = new Argument<IReadOnlyDictionary<string, int?>>("TYPE=N")
        {
            Description = $"How many of which process type; '{Configured}' instead of a number: what the configuration says. Without any: show.",
            Arity = ArgumentArity.ZeroOrMore,
            CustomParser = Parse,
        };
        var app = CommonOptions.App();
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand("scale", "Change how many processes of a type run. It stays so over deploys and restarts. Returns at once.",
            "bluegreen scale web=3",
            "bluegreen scale queue=5 cron=0 --app api",
            "bluegreen scale cron=default")
        {
            types, app, json, state,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var name = parsed.GetRequiredValue(app);
            var report = parsed.GetValue(types) is { Count: > 0 } wanted
                ? await front.ScaleAsync(name, new ScaleOrder(wanted), cancel)
                : await front.ScaleAsync(name, cancel);
            if (parsed.GetValue(json))
            {
                CommandOutput.Json(report);
            }
            else
            {
                CommandOutput.Line($"{report.App}: {string.Join(", ", report.Types.Select(type => $"{type.Key}={type.Value}"))}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Dictionary<string, int?> Parse(ArgumentResult result)
    {
        var types = new Dictionary<string, int?>(StringComparer.Ordinal);
        foreach (var token in result.Tokens)
        {
            if (token.Value.Split('=') is not [{ Length: > 0 } type, var text])
            {
                result.AddError($"'{token.Value}' is not TYPE=N, such as web=3");
            }
            else if (text == Configured)
            {
                types[type] = null;
            }
            else if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                types[type] = count;
            }
            else
            {
                result.AddError($"'{text}' of {type} is neither a number nor '{Configured}'");
            }
        }

        return types;
    }
}
