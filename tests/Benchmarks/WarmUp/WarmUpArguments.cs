using System.Globalization;

namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>What <c>benchmarks warm</c> is asked for.</summary>
internal sealed record WarmUpArguments
{
    public const string Usage = """
        benchmarks warm [options]: the first 1,000 requests after a switch to an ASP.NET Core app that is compiled as it runs, deployed in
        turn as it is, with warmup, with slowStart and with both, under a small constant load.

          --rounds N          how often each (default: 4)
          --rate N            requests a second (default: 200)
          --slow-start N      seconds of the slow start (default: 5)
          --bluegreen PATH    the program to measure (default: the one of this build)
        """;

    public int Rounds { get; init; } = 4;

    public int Rate { get; init; } = 200;

    public int SlowStartSeconds { get; init; } = 5;

    public string Bluegreen { get; init; } = Programs.Bluegreen;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">They make no sense; the message says which.</exception>
    public static WarmUpArguments Parse(IReadOnlyList<string> arguments)
    {
        var rest = new Queue<string>(arguments);
        var result = new WarmUpArguments();
        while (rest.TryDequeue(out var name))
        {
            if (!rest.TryDequeue(out var value))
                throw new FormatException($"{name} needs a value.");
            result = name switch
            {
                "--rounds" => result with { Rounds = Number(name, value) },
                "--rate" => result with { Rate = Number(name, value) },
                "--slow-start" => result with { SlowStartSeconds = Number(name, value) },
                "--bluegreen" => result with { Bluegreen = File.Exists(value) ? Path.GetFullPath(value) : throw new FormatException($"{name} {value}: there is no such file.") },
                _ => throw new FormatException($"There is no option {name}."),
            };
        }
        return result;
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{name} {text}: a number from 1 on is needed.");
}
