using System.Diagnostics;
using BlueGreen.Faults.Injection;

namespace BlueGreen.Faults.Running;

/// <summary>The time without a front after one was killed.</summary>
/// <param name="UntilRestarted">From the kill until supervisord had started another one.</param>
/// <param name="UntilAnswered">From the kill until the port answered with 2xx again.</param>
public readonly record struct Outage(TimeSpan UntilRestarted, TimeSpan UntilAnswered)
{
    /// <summary>That of a fault; null where no front was killed, or none came back.</summary>
    public static Outage? Of(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Answered is { } answered
            ? new Outage(Stopwatch.GetElapsedTime(fault.At, fault.Restarted ?? answered), Stopwatch.GetElapsedTime(fault.At, answered))
            : null;
    }
}
