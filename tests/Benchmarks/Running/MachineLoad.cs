using System.Globalization;

namespace BlueGreen.Benchmarks.Running;

/// <summary>How busy the machine is.</summary>
internal static class MachineLoad
{
    /// <summary>The load average of the last minute (proc(5)), the benchmark's own included.</summary>
    public static double Now => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
