using System.Net;

namespace BlueGreen.Agent.Health;

/// <summary>
/// Waits until a new worker has passed its check N times in a row, before a deadline, and races the end of its process, so that
/// a crash is known at once. Checks follow each other closely: a deploy then costs the worker's own start-up and little more.
/// </summary>
internal sealed class HealthGate(HealthOptions options, TimeProvider time)
{
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromMilliseconds(15);

    /// <summary>Waits for a worker that listens at an end point.</summary>
    /// <param name="worker">Where it listens.</param>
    /// <param name="exited">Completes when the worker's process has ended.</param>
    /// <param name="cancel">The caller gives up.</param>
    /// <param name="onCheck">Told of each check.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<GateVerdict> WaitAsync(EndPoint worker, Task exited, CancellationToken cancel, Action<ProbeResult>? onCheck = null)
    {
        using var probe = new HealthProbe(worker, options, time);
        return await WaitAsync(
            async token =>
            {
                var result = await probe.CheckAsync(token);
                onCheck?.Invoke(result);
                return result;
            },
            exited, cancel);
    }

    /// <summary>Waits.</summary>
    /// <param name="check">One check of the worker.</param>
    /// <param name="exited">Completes when the worker's process has ended.</param>
    /// <param name="cancel">The caller gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<GateVerdict> WaitAsync(Func<CancellationToken, Task<ProbeResult>> check, Task exited, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        // The crash cancels the check or the pause that runs at that moment.
        ProcessEnd.Cancels(exited, over);

        var started = time.GetTimestamp();
        var firstPass = TimeSpan.Zero;
        var passes = 0;
        ProbeResult? last = null;
        try
        {
            while (!exited.IsCompleted)
            {
                last = await check(over.Token);
                passes = last.Passed ? passes + 1 : 0;
                if (passes == 1)
                {
                    firstPass = time.GetElapsedTime(started);
                }

                if (passes >= options.Passes)
                {
                    return new GateVerdict.Healthy(firstPass, time.GetElapsedTime(started));
                }

                await Task.Delay(BetweenChecks, time, over.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
        }

        return exited.IsCompleted ? new GateVerdict.Exited() : new GateVerdict.TooLate(last);
    }
}
