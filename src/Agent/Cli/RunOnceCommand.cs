using System.CommandLine;
using System.CommandLine.Parsing;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen run-once NAME</c>, <c>bluegreen run-once -- COMMAND</c>.</summary>
internal static class RunOnceCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "run-once";

    public static Command Create()
    {
        var words = new Argument<string[]>("NAME")
        {
            Description = "A process type of the active release, with further arguments of its command behind '--'. Without it: any command behind '--'; no shell reads it.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var app = CommonOptions.App();
        var timeout = CommonOptions.Duration("--timeout", "How long it may take, such as 10m. Default: as long as it likes.");
        var detach = new Option<bool>("--detach", "-d") { Description = "Return as soon as it has begun; it goes on in the front, and 'bluegreen logs' has its output." };
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand(
            Name, "Run a process type, or any command, once in the folder and environment of the active release. Exits with its exit status.",
            "bluegreen run-once cleanup",
            "bluegreen run-once import -- --since yesterday",
            "bluegreen run-once -- ./manage.py shell -c 'print(1)'",
            "bluegreen run-once --app api --timeout 10m -- sh -c 'pg_dump \"$DATABASE_URL\" >/backup/api.sql'")
        {
            words, app, timeout, detach, json, state,
        };
        command.SetAction(async (parsed, _) =>
        {
            var order = OrderOf(parsed, parsed.GetValue(words) ?? []) with
            {
                TimeoutMs = (long?)parsed.GetValue(timeout)?.TotalMilliseconds,
                Detach = parsed.GetValue(detach),
            };
            using var front = CommonOptions.Connect(parsed, state);
            return await new RunOnceFollower(front, parsed.GetRequiredValue(app), order, parsed.GetValue(json)).FollowAsync();
        });
        return command;
    }

    /// <summary>What stands before '--' is the name of a type, what stands behind it is for the command.</summary>
    /// <exception cref="UserError">It is neither.</exception>
    private static RunOnceOrder OrderOf(ParseResult parsed, string[] words)
    {
        var dashes = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Count();
        var behind = Math.Max(0, parsed.Tokens.Count - dashes - 1);
        var (names, arguments) = (words[..^behind], words[^behind..]);
        return (names, arguments) switch
        {
            ([], []) => throw new UserError($"name a process type, or a command behind '--'. See 'bluegreen {Name} --help'."),
            ([], ["", ..]) => throw new UserError($"the command behind '--' must not be empty. See 'bluegreen {Name} --help'."),
            ([], _) => new RunOnceOrder { Arguments = arguments },
            ([var name], _) => new RunOnceOrder { Process = name, Arguments = arguments },
            _ => throw new UserError(
                $"'{names[1]}' is not understood: write 'bluegreen {Name} {names[0]} -- {string.Join(' ', names[1..])}', or, for any command, 'bluegreen {Name} -- {string.Join(' ', names)}'"),
        };
    }
}
