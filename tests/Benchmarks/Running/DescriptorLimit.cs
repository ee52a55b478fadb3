using System.Globalization;

namespace BlueGreen.Benchmarks.Running;

/// <summary>How many files this process, and so every one it starts, may have open.</summary>
internal static class DescriptorLimit
{
    /// <summary>Most connections of clients that any row needs.</summary>
    private const int Most = 12_000;

    /// <summary>Of a proxy for other things than the two sides of a connection.</summary>
    private const int Other = 500;

    /// <summary>Connections of clients that every proxy can be set up for.</summary>
    public static int Connections { get; } = Math.Min(Most, (Read() - Other) / 2);

    private static int Read()
    {
        const string field = "Max open files";
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith(field, StringComparison.Ordinal));
        var soft = line[field.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : int.MaxValue;
    }
}
