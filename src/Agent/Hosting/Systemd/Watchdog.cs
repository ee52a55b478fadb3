using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Hosting.Systemd;

/// <summary>
/// Pings the service manager for as long as the front really works. A front that does not is not pinged for, and so restarted; its
/// workers outlive that.
/// </summary>
/// <param name="interval">The service manager acts where no ping comes for that long.</param>
/// <param name="check">Says what does not work; null: all does. It has to come back within a fraction of the interval.</param>
/// <param name="notifier">Where pings go.</param>
/// <param name="logger">Told of each check that failed.</param>
/// <param name="time">The clock.</param>
internal sealed class Watchdog(
    TimeSpan interval, Func<CancellationToken, Task<string?>> check, ServiceNotifier notifier, ILogger logger, TimeProvider time)
{
    /// <summary>Between two pings: half the interval, as sd_watchdog_enabled(3) recommends.</summary>
    private readonly TimeSpan _pause = interval / 2;

    /// <summary>After a check that failed: soon enough for others before time is up, as one may fail by a mere hiccup of the machine.</summary>
    private readonly TimeSpan _retry = interval / 8;

    /// <summary>Checks and pings until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var failing = false;
        while (!cancel.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            var failure = await CheckAsync(cancel);
            if (cancel.IsCancellationRequested)
            {
                return;
            }

            if (failure is null)
            {
                notifier.Send("WATCHDOG=1");
                if (failing)
                {
                    logger.LogInformation("The watchdog is content again");
                }
            }
            else
            {
                logger.LogError("The watchdog is not pinged, and the service manager will restart this front if that goes on: {Failure}", failure);
            }

            failing = failure is not null;
            var left = (failing ? _retry : _pause) - time.GetElapsedTime(begun);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> CheckAsync(CancellationToken cancel)
    {
        try
        {
            return await check(cancel);
        }
        catch (Exception e)
        {
            // A check with a bug proves nothing good.
            return e.Message;
        }
    }
}
