using System.Globalization;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary>Amounts of bytes in words.</summary>
internal static class ByteText
{
    private const double MiB = 1024 * 1024;

    /// <summary>How far a download is: "12.3 of 40.0 MiB (31 %), 5.2 MiB/s".</summary>
    public static string Progress(DeploymentEvent told)
    {
        var (bytes, rate) = (told.Bytes ?? 0, told.Rate ?? 0);
        return told.Total is { } total and > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / MiB:0.0} of {total / MiB:0.0} MiB ({100 * bytes / total} %), {rate / MiB:0.0} MiB/s")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / MiB:0.0} MiB, {rate / MiB:0.0} MiB/s");
    }

    /// <summary>The same as a bar of some characters; null where the end is not known.</summary>
    public static string? Bar(DeploymentEvent told, int width)
    {
        if (told.Total is not > 0 || told.Bytes is not { } bytes)
        {
            return null;
        }

        var done = (int)(width * Math.Min(bytes, told.Total.Value) / told.Total.Value);
        return new string('━', done) + new string('─', width - done);
    }
}
