using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>
/// Sizes as people write them: <c>64KiB</c>, <c>100MiB</c>, <c>2GiB</c>, whole numbers with a binary unit; <c>0</c> is zero. At most
/// <see cref="Max"/>.
/// </summary>
internal static class SizeText
{
    /// <summary>1 TiB; a larger one is a typing mistake.</summary>
    public const long Max = 1L << 40;

    private const string Example = "write for example 64KiB, 100MiB or 2GiB";

    private static readonly (string Name, long Bytes)[] Units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];

    /// <summary>Reads a size of zero or more, or tells why not in one line that says what to write.</summary>
    public static bool TryParse(string text, out long size, [NotNullWhen(false)] out string? problem)
    {
        size = 0;
        if (text == "0")
        {
            problem = null;
            return true;
        }

        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits < 0 && text.Length > 0)
        {
            problem = $"'{text}' has no unit: write '{text}MiB' for mebibytes";
            return false;
        }

        var unit = digits > 0 ? Array.Find(Units, unit => unit.Name == text[digits..]) : default;
        if (unit.Name is null || !int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            problem = $"'{text}' is not a size: {Example}";
            return false;
        }

        size = number * unit.Bytes;
        problem = size > Max ? $"'{text}' is too much: at most {Format(Max)}" : null;
        return problem is null;
    }

    /// <summary>The shortest text that reads back as the same size; bytes where no unit fits.</summary>
    public static string Format(long size)
    {
        var (name, bytes) = size == 0 ? ("", 1) : Array.Find(Units, unit => size % unit.Bytes == 0) is { Name: not null } found ? found : ("B", 1);
        return string.Create(CultureInfo.InvariantCulture, $"{size / bytes}{name}");
    }
}
