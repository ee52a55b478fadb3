using System.Globalization;
using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Amounts of bytes as people write them: 500kB, 200MB, 2GB (powers of 1000), 2GiB (powers of 1024).</summary>
internal static partial class SizeText
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1),
    ];

    /// <summary>Reads one; a bare number is none.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        if (Form().Match(text) is not { Success: true } form
            || Units.FirstOrDefault(unit => unit.Unit.Equals(form.Groups["unit"].Value, StringComparison.OrdinalIgnoreCase)) is not { Bytes: > 0 } found)
        {
            return false;
        }

        var amount = decimal.Parse(form.Groups["amount"].Value, CultureInfo.InvariantCulture) * found.Bytes;
        bytes = amount <= long.MaxValue ? (long)amount : long.MaxValue;
        return true;
    }

    /// <summary>Writes one so that it reads the same again.</summary>
    public static string Format(long bytes)
    {
        var (unit, size) = Units.First(unit => bytes % unit.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }

    [GeneratedRegex("^(?<amount>[0-9]{1,15}([.][0-9]{1,6})?) ?(?<unit>[A-Za-z]+)$")]
    private static partial Regex Form();
}
