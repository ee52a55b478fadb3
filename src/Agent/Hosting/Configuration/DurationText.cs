using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>
/// Durations as people write them: <c>250ms</c>, <c>30s</c>, <c>1.5s</c>, <c>10m</c>, <c>1h</c>, <c>1m30s</c>; <c>0</c> is zero.
/// Larger units come first and each at most once; whole milliseconds; at most <see cref="Max"/>.
/// </summary>
internal static class DurationText
{
    /// <summary>Longest duration: 1000 h. Timers end at 2^32 - 2 ms (1193 h), so a longer one could not be waited for.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromHours(1000);

    private const string Example = "write for example 250ms, 30s, 10m, 1h or 1m30s";

    /// <summary>Largest first, the order they must be written in.</summary>
    private static readonly (string Name, decimal Milliseconds)[] Units =
        [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Reads a duration of zero or more.</summary>
    public static bool TryParse(string text, out TimeSpan duration) => TryParse(text, out duration, out _);

    /// <summary>Reads a duration of zero or more, or tells why not in one line that says what to write.</summary>
    public static bool TryParse(string text, out TimeSpan duration, [NotNullWhen(false)] out string? problem)
    {
        duration = TimeSpan.Zero;
        problem = FindProblem(text, out var milliseconds);
        if (problem is null)
        {
            duration = TimeSpan.FromMilliseconds((long)milliseconds);
        }

        return problem is null;
    }

    /// <summary>
    /// The shortest text that reads back as the same duration, rounded to milliseconds: <c>0s</c>, <c>250ms</c>, <c>1.5s</c>,
    /// <c>1m30s</c>, <c>1h</c>. Negative ones, which never come from a file, get a minus sign.
    /// </summary>
    public static string Format(TimeSpan duration)
    {
        var milliseconds = Math.Round((decimal)duration.Ticks / TimeSpan.TicksPerMillisecond);
        var sign = milliseconds < 0 ? "-" : "";
        milliseconds = Math.Abs(milliseconds);
        if (milliseconds is > 0 and < 1000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{milliseconds}ms");
        }

        var hours = Part(decimal.Floor(milliseconds / 3_600_000), "h");
        var minutes = Part(decimal.Floor(milliseconds / 60_000) % 60, "m");
        var seconds = Part(milliseconds / 1000 % 60, "s");
        return milliseconds == 0 ? "0s" : sign + hours + minutes + seconds;

        static string Part(decimal number, string unit) =>
            number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{number:0.###}{unit}");
    }

    private static string? FindProblem(string text, out decimal milliseconds)
    {
        milliseconds = 0;
        if (text == "0")
        {
            return null;
        }

        if (text is ['-', .. var positive] && (IsBareNumber(positive) || TryAdd(positive, out _)))
        {
            return $"'{text}' is negative: a duration is 0s or more";
        }

        if (IsBareNumber(text))
        {
            return $"'{text}' has no unit: write '{text}s' for seconds";
        }

        return TryAdd(text, out milliseconds) switch
        {
            false => $"'{text}' is not a duration: {Example}",
            true when milliseconds > (decimal)Max.TotalMilliseconds => $"'{text}' is too long: at most {Format(Max)}",
            true when milliseconds % 1 != 0 => $"'{text}' is finer than a millisecond",
            true => null,
        };
    }

    /// <summary>Adds up the parts; false when one is not a number with a unit smaller than the one before.</summary>
    private static bool TryAdd(string text, out decimal milliseconds)
    {
        milliseconds = 0;
        var rest = text.AsSpan();
        var largestAllowed = 0;
        do
        {
            var digits = LengthOf(rest, c => char.IsAsciiDigit(c) || c == '.');
            var letters = LengthOf(rest[digits..], char.IsAsciiLetter);
            var name = rest.Slice(digits, letters).ToString();
            var unit = Array.FindIndex(Units, candidate => candidate.Name == name);
            if (unit < largestAllowed || !TryReadNumber(rest[..digits], out var number))
            {
                return false;
            }

            milliseconds += number * Units[unit].Milliseconds;
            largestAllowed = unit + 1;
            rest = rest[(digits + letters)..];
        }
        while (!rest.IsEmpty);

        return true;
    }

    /// <summary>Twelve characters are 31 years in milliseconds: enough to say "too long" of, too few to overflow.</summary>
    private static bool TryReadNumber(ReadOnlySpan<char> text, out decimal number)
    {
        number = 0;
        return text.Length <= 12
            && !text.StartsWith(".") && !text.EndsWith(".")
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsBareNumber(string text) => TryReadNumber(text, out _);

    private static int LengthOf(ReadOnlySpan<char> text, Func<char, bool> isPart)
    {
        var length = 0;
        while (length < text.Length && isPart(text[length]))
        {
            length++;
        }

        return length;
    }
}
