using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>
/// Sizes as people write them: <c>800KiB</c>, <c>500MiB</c>, <c>1.5GiB</c>, <c>2TiB</c> (IEC 80000-13: powers of 1024), or <c>500MB</c> and
/// so on (powers of 1000); <c>1024B</c> is bytes, <c>0</c> is zero.
/// </summary>
internal static class SizeText
{
    private const string Example = "write for example 500MiB or 8GiB";

    private static readonly (string Name, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ];

    /// <summary>Reads a size of zero or more, or tells why not in one line that says what to write.</summary>
    public static bool TryParse(string text, out long bytes, [NotNullWhen(false)] out string? problem)
    {
        bytes = 0;
        var unit = Array.Find(Units, candidate => text.EndsWith(candidate.Name, StringComparison.Ordinal));
        var number = unit.Name is null ? text : text[..^unit.Name.Length];
        // Nine digits of the largest unit do not overflow a decimal.
        var isNumber = decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && number.Length <= 9 && char.IsAsciiDigit(number[0]) && char.IsAsciiDigit(number[^1]);
        problem = !isNumber ? $"'{text}' is not a size: {Example}"
            : unit.Name is null && value != 0 ? $"'{text}' has no unit: {Example}"
            : value * unit.Bytes > long.MaxValue ? $"'{text}' is too large"
            : value * unit.Bytes % 1 != 0 ? $"'{text}' is no whole number of bytes"
            : null;
        if (problem is null)
        {
            bytes = (long)(value * unit.Bytes);
        }

        return problem is null;
    }

    /// <summary>The shortest text that reads back as the same size.</summary>
    public static string Format(long bytes)
    {
        var unit = Units.Where(candidate => bytes % candidate.Bytes == 0).MinBy(candidate => bytes / candidate.Bytes);
        return bytes == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{bytes / unit.Bytes}{unit.Name}");
    }
}
