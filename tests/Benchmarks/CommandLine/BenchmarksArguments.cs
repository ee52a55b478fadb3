using System.Globalization;
using BlueGreen.Benchmarks.Rows;
using BlueGreen.Benchmarks.Running;
using BlueGreen.Benchmarks.Subjects;

namespace BlueGreen.Benchmarks.CommandLine;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarksArguments
{
    public const string Usage = """
        benchmarks [options]: measures bluegreen, nginx, HAProxy and Caddy before the same app, in turn, and compares round by round.

          --quick             a first look, in less than two minutes
          --only ROW          this row only; can be repeated (get1, get32, get256, close, post1k, download, upload, websocket, h2, idle,
                              cold, switch, switch32, unix32, unix256, apps100, apps1000)
          --against NAME      compare with this only: direct, nginx, haproxy, caddy, yarp (its forwarder alone; not there by
                              default) or none; can be repeated
          --also NAME:VARIABLE=VALUE,...
                              measure bluegreen once more, with these variables set; program=PATH takes another executable,
                              accessLog=combined or json has it keep an access log
          --bluegreen PATH    the program to measure (default: the one of this build)
          --rounds N          how often each is measured
          --seconds N         how long each time
          --json FILE         every single figure
          --markdown FILE     the table for a README

        benchmarks micro [options of BenchmarkDotNet]: claiming a worker and looking up a route, with what they allocate.
        benchmarks warm [options]: what the first requests after a switch take, with warm-up and slow start and without; see
        benchmarks warm --help.

        Everything listens on 127.0.0.1. SIGINT and SIGTERM end it; nothing it started is left behind.
        Exit code: 0 done, 1 something does not run or failed requests, 2 wrong usage, 130 interrupted.

        Examples:
          benchmarks --quick
          benchmarks --only get32 --only h2 --rounds 8
          benchmarks --only get32 --against none --also conserve:DOTNET_gcConcurrent=0
          benchmarks --only get32 --against none --also combined:accessLog=combined --also json:accessLog=json
        """;

    public Effort Effort { get; init; } = Effort.Full;

    public bool IsQuick { get; init; }

    public IReadOnlyList<string> Rows { get; init; } = RowTable.Names;

    public IReadOnlyList<string>? Against { get; init; }

    public IReadOnlyList<string> Also { get; init; } = [];

    public string Bluegreen { get; init; } = Programs.Bluegreen;

    public string? JsonFile { get; init; }

    public string? MarkdownFile { get; init; }

    /// <summary>What is measured.</summary>
    public StageOptions Stage => new(
        IsComparedWith("direct"),
        Against?.Contains(ForwarderSubject.Title, StringComparer.OrdinalIgnoreCase) ?? false,
        [.. Peer.All.Where(peer => IsComparedWith(peer.Name))],
        [new Variant(Variant.Main, Bluegreen, new Dictionary<string, string>()), .. Also.Select(also => Variant.Parse(also, Bluegreen))],
        Effort.Budget);

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">They make no sense; the message says which.</exception>
    public static BenchmarksArguments Parse(IReadOnlyList<string> arguments)
    {
        var rest = new Queue<string>(arguments);
        var result = new BenchmarksArguments();
        if (rest.Contains("--quick"))
        {
            rest = new Queue<string>(rest.Where(argument => argument != "--quick"));
            result = result with { IsQuick = true, Effort = Effort.Quick };
        }
        while (rest.TryDequeue(out var name))
            result = result.With(name, rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} needs a value."));
        _ = result.Stage;
        return result;
    }

    private bool IsComparedWith(string name) => Against?.Contains(name, StringComparer.OrdinalIgnoreCase) ?? true;

    private BenchmarksArguments With(string name, string value) => name switch
    {
        "--only" => this with
        {
            Rows = [.. Rows == RowTable.Names ? [] : Rows, RowTable.Names.Contains(value) ? value : throw new FormatException($"--only {value}: there is no such row.")],
        },
        "--against" => this with
        {
            Against = [.. Against ?? [], value is "none" or "direct" or "yarp" || Peer.All.Any(peer => peer.Name.Equals(value, StringComparison.OrdinalIgnoreCase))
                ? value
                : throw new FormatException($"--against {value}: direct, nginx, haproxy, caddy, yarp or none is needed.")],
        },
        "--also" => this with { Also = [.. Also, value] },
        "--bluegreen" => this with { Bluegreen = File.Exists(value) ? Path.GetFullPath(value) : throw new FormatException($"{name} {value}: there is no such file.") },
        "--rounds" => this with { Effort = Effort with { Rounds = Number(name, value) } },
        "--seconds" => this with { Effort = Effort with { Seconds = Number(name, value) } },
        "--json" => this with { JsonFile = value },
        "--markdown" => this with { MarkdownFile = value },
        _ => throw new FormatException($"There is no option {name}."),
    };

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{name} {text}: a number from 1 on is needed.");
}
