using System.Globalization;
using System.Runtime.InteropServices;

namespace BlueGreen.SampleWorker.Jobs;

/// <summary><c>SampleWorker --cron</c>: a process of its own that runs the job and serves nothing, until SIGTERM.</summary>
internal static class Cron
{
    private const int ExitCodeOfDeath = 9;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Behaviour behaviour)
    {
        if (behaviour.CronExitAtStart is { } code)
        {
            Console.Error.WriteLine("fatal: no crontab");
            return code;
        }
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            if (!behaviour.CronIgnoresSigterm)
                stop.Cancel();
        });
        using var death = behaviour.CronExitAfter is { } time
            ? new Timer(_ => NativeMethods.ExitAtOnce(ExitCodeOfDeath), null, time, Timeout.InfiniteTimeSpan)
            : null;
        var generation = long.Parse(Environment.GetEnvironmentVariable("BLUEGREEN_GENERATION") ?? "0", CultureInfo.InvariantCulture);
        await new Job(JobFile.Open(), behaviour).RunAsync(generation, stop.Token);
        return 0;
    }
}
