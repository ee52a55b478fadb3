using System.Globalization;
using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Jobs;
using BlueGreen.Faults.Running;

namespace BlueGreen.Faults.CommandLine;

/// <summary>What the command line asks for.</summary>
internal sealed record FaultsArguments
{
    public const string Usage = """
        faults COMMAND [options]: kills and stops the processes of a real front under load, and accounts for every request.

          matrix      every fault: what is hurt (front, active, candidate, old, cli, stopped) at each step of a deployment
                      (fetching, preparing, releasing, starting, probing, warming, handingover, switched, draining, idle)
            --times N         how often each (default 1)
            --only FAULT      active, active@probing or @probing; can be repeated
            --parallel N      stages at the same time (default 2)
          soak        random faults while deploys and rollbacks go on
            --for TIME        how long, such as 30s, 10m (default 1m)
          deploys     deploys and rollbacks in turn; nothing may be lost, and the front may not grow
            --count N         how many (default 1000)
          once        deploys and rollbacks in turn, three of them bad, while the front and a job are killed now and then: the job must
                      run once at a time, and under numbers that only grow
            --job PLACE       cron: in a process beside the workers (default); workers: in the one of two that leads
            --count N         how many deploys and rollbacks (default 50)
            --kills N         how often the front is killed, and the job as often (default 2)
          truncate    starts a front on a state.json that ends after each number of bytes
            --every N         only every so many bytes (default 1)

          --seed N          decides what is left to chance; the one used is printed
          --bluegreen PATH  the program to hurt (default: the one of this build)

        Everything listens on 127.0.0.1. SIGINT and SIGTERM end it; nothing it started is left behind.
        Exit code: 0 all is well, 1 something was lost, done twice or is otherwise wrong, 2 wrong usage, 130 interrupted.

        Examples:
          faults matrix --times 10
          faults matrix --only front@switched --times 100 --seed 7
          faults soak --for 10m
        """;

    public required string Command { get; init; }

    public int Times { get; init; } = 1;

    public IReadOnlyList<Cell> Cells { get; init; } = Cell.All;

    public int Parallel { get; init; } = 2;

    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(1);

    public int Count { get; init; }

    public JobPlace Job { get; init; } = JobPlace.Cron;

    public int Kills { get; init; } = 2;

    public int Every { get; init; } = 1;

    public int Seed { get; init; } = Random.Shared.Next(1, 1_000_000);

    public string? Bluegreen { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">They make no sense; the message says which.</exception>
    public static FaultsArguments Parse(IReadOnlyList<string> arguments)
    {
        var rest = new Queue<string>(arguments);
        if (!rest.TryDequeue(out var command) || command is not ("matrix" or "soak" or "deploys" or "once" or "truncate"))
            throw new FormatException(command is null ? "Which command?" : $"There is no command “{command}”.");
        var result = new FaultsArguments { Command = command, Count = command == "once" ? 50 : 1000 };
        while (rest.TryDequeue(out var name))
            result = result.With(name, rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} needs a value."));
        return result.Command == "once" && result.Count < OnceRun.FewestSteps(result.Kills)
            ? throw new FormatException($"--count {result.Count}: {OnceRun.FewestSteps(result.Kills)} steps are needed for all that goes wrong.")
            : result;
    }

    private FaultsArguments With(string name, string value) => (Command, name) switch
    {
        ("matrix", "--times") => this with { Times = Number(name, value) },
        ("matrix", "--only") => this with { Cells = [.. Cells == Cell.All ? [] : Cells, .. CellsOf(value)] },
        ("matrix", "--parallel") => this with { Parallel = Number(name, value) },
        ("soak", "--for") => this with { For = Time(name, value) },
        ("deploys" or "once", "--count") => this with { Count = Number(name, value) },
        ("once", "--kills") => this with { Kills = Number(name, value) },
        ("once", "--job") => this with
        {
            Job = value switch
            {
                "cron" => JobPlace.Cron,
                "workers" => JobPlace.Workers,
                _ => throw new FormatException($"{name} {value}: cron or workers is needed."),
            },
        },
        ("truncate", "--every") => this with { Every = Number(name, value) },
        (_, "--seed") => this with { Seed = Number(name, value) },
        (_, "--bluegreen") => this with
        {
            Bluegreen = File.Exists(value) ? Path.GetFullPath(value) : throw new FormatException($"{name} {value}: there is no such file."),
        },
        _ => throw new FormatException($"{Command} has no option {name}."),
    };

    private static List<Cell> CellsOf(string text)
    {
        var found = Cell.All.Where(cell => cell.ToString() is var name
            && (name == text || (!text.StartsWith('@') && name.StartsWith(text + "@", StringComparison.Ordinal))
                || (text.StartsWith('@') && name.EndsWith(text, StringComparison.Ordinal)))).ToList();
        return found.Count > 0 ? found : throw new FormatException($"--only {text}: there is no such fault.");
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{name} {text}: a number from 1 on is needed.");

    private static TimeSpan Time(string name, string text)
    {
        double? unit = text is [.., 's'] ? 1 : text is [.., 'm'] ? 60 : null;
        return unit is { } seconds && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number > 0
            ? TimeSpan.FromSeconds(number * seconds)
            : throw new FormatException($"{name} {text}: a time such as 30s or 10m is needed.");
    }
}
