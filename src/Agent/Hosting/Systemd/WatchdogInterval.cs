using System.Globalization;

namespace BlueGreen.Agent.Hosting.Systemd;

/// <summary>How often the service manager wants a sign of life.</summary>
internal static class WatchdogInterval
{
    /// <summary>
    /// The interval within which a ping has to come, by the rules of sd_watchdog_enabled(3): WATCHDOG_USEC in microseconds, for this
    /// process where WATCHDOG_PID is its pid or missing. Null: none is wanted.
    /// </summary>
    /// <param name="variable">Looks up a variable of the environment.</param>
    /// <param name="pid">This process.</param>
    public static TimeSpan? Read(Func<string, string?> variable, int pid)
    {
        if (variable("WATCHDOG_PID") is { Length: > 0 } meant && meant != pid.ToString(CultureInfo.InvariantCulture))
        {
            return null;
        }

        return long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds is > 0 and <= long.MaxValue / TimeSpan.TicksPerMicrosecond
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }
}
