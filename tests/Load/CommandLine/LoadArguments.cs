using System.Globalization;

namespace BlueGreen.Load.CommandLine;

/// <summary>What the command line asks for.</summary>
internal sealed record LoadArguments
{
    public const string Usage = """
        load URL [options]: sends requests to an HTTP server and counts everything that goes wrong.

          --connections N   connections at the same time (default 10)
          --duration TIME   how long, such as 500ms, 10s, 5m
          --count N         requests in all
          --timeout TIME    how long one request may take (default 30s)
          --warm-up TIME    leaves the latencies of the first time out of the report
          --close           a new connection for every request
          --post            POST unique ids instead of GET
          --record FILE     with --post: the file the server appends the ids to, compared at the end
          --json            the report as one JSON object

        Without --duration and --count it runs until its standard input closes. SIGINT and SIGTERM end it too; the report
        follows in any case. Exit code: 0 nothing went wrong, 1 something did or nothing was sent, 2 wrong usage.

        Examples:
          load http://127.0.0.1:8080/ --duration 10s
          load http://127.0.0.1:8080/record --post --record /tmp/ids --count 10000 --json
        """;

    public required LoadOptions Options { get; init; }

    public bool Posts { get; init; }

    public string? RecordFile { get; init; }

    public bool AsJson { get; init; }

    /// <summary>Whether nothing but a signal or the end of the input ends the load.</summary>
    public bool IsEndless => Options.Duration is null && Options.Count is null;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">They make no sense; the message says which.</exception>
    public static LoadArguments Parse(IReadOnlyList<string> arguments)
    {
        var rest = new Queue<string>(arguments);
        if (!rest.TryDequeue(out var url) || !Uri.TryCreate(url, UriKind.Absolute, out var target))
            throw new FormatException(url is null ? "Which address?" : $"“{url}” is not an address such as http://127.0.0.1:8080/.");
        var result = new LoadArguments { Options = new LoadOptions { Target = target, KeepAnswers = false } };
        while (rest.TryDequeue(out var name))
            result = result.With(name, () => rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} needs a value."));
        return result;
    }

    private LoadArguments With(string name, Func<string> value) => name switch
    {
        "--connections" => this with { Options = Options with { Connections = (int)Number(name, value()) } },
        "--duration" => this with { Options = Options with { Duration = Time(name, value()) } },
        "--count" => this with { Options = Options with { Count = Number(name, value()) } },
        "--timeout" => this with { Options = Options with { Timeout = Time(name, value()) } },
        "--warm-up" => this with { Options = Options with { WarmUp = Time(name, value()) } },
        "--close" => this with { Options = Options with { Use = ConnectionUse.OneRequestEach } },
        "--post" => this with { Posts = true },
        "--record" => this with { RecordFile = value() },
        "--json" => this with { AsJson = true },
        _ => throw new FormatException($"Unknown option {name}."),
    };

    private static long Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{name} {text}: a number from 1 on is needed.");

    private static TimeSpan Time(string name, string text)
    {
        var digits = text.TrimEnd('m', 's');
        double? unit = text[digits.Length..] switch { "ms" => 0.001, "s" => 1, "m" => 60, _ => null };
        return unit is { } seconds && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number > 0
            ? TimeSpan.FromSeconds(number * seconds)
            : throw new FormatException($"{name} {text}: a time such as 500ms, 10s or 5m is needed.");
    }
}
