using System.Globalization;

namespace BlueGreen.Benchmarks.Running;

/// <summary>What the processes of a proxy cost from one moment on (proc(5)).</summary>
internal sealed class ProcessCost
{
    private const double MicrosecondsPerTick = 10_000;
    private const int UserTime = 11;
    private const int SystemTime = 12;

    private readonly IReadOnlyList<int> _pids;
    private readonly long _ticks;

    private ProcessCost(IReadOnlyList<int> pids)
    {
        _pids = pids;
        foreach (var pid in pids)
            TryForgetPeak(pid);
        _ticks = pids.Sum(Ticks);
    }

    /// <summary>Processor time since then, of all of them together.</summary>
    public double CpuMicroseconds => (_pids.Sum(Ticks) - _ticks) * MicrosecondsPerTick;

    /// <summary>The most memory each had since then, added up; what they share counts for each.</summary>
    public double PeakMegabytes => _pids.Sum(pid => Kilobytes(pid, "status", "VmHWM:")) / 1024;

    /// <summary>Begins to watch.</summary>
    public static ProcessCost Of(IReadOnlyList<int> pids) => new(pids);

    /// <summary>What they have in memory now; of what is shared, each its part.</summary>
    public static double MegabytesOf(IReadOnlyList<int> pids) => pids.Sum(pid => Kilobytes(pid, "smaps_rollup", "Pss:")) / 1024;

    private static long Ticks(int pid)
    {
        var stat = Read(pid, "stat");
        if (stat.Length == 0)
            return 0;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[UserTime], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTime], CultureInfo.InvariantCulture);
    }

    private static double Kilobytes(int pid, string file, string field) =>
        Read(pid, file).Split('\n').FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal)) is { } line
            ? double.Parse(line[field.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture)
            : 0;

    private static void TryForgetPeak(int pid)
    {
        try
        {
            const string resetPeak = "5";
            File.WriteAllText($"/proc/{pid}/clear_refs", resetPeak);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the peak is the one since its start.
        }
    }

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
