using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// Runs a program once, to its end. Like a worker it leads a session and a group of its own and writes to a file: so nothing it starts
/// outlives it, whatever it prints does no harm, and a front that is killed meanwhile leaves something that the next one finds.
/// </summary>
internal static class OneOff
{
    /// <summary>Lines of its output that are shown.</summary>
    private const int OutputLines = 20;

    /// <summary>It has no address; and what another front started may be the ancestor of this one.</summary>
    private static readonly string[] OfWorkers = [.. WorkerVariables.OfWorkersAlone, WorkerVariables.Worker, WorkerVariables.Process];

    /// <summary>Runs it. When this returns or throws, nothing of its group is left.</summary>
    /// <param name="spec">What to run.</param>
    /// <param name="time">The clock of its time.</param>
    /// <param name="cancel">Ends it, as when its time is over.</param>
    /// <param name="hurry">Ends its grace early.</param>
    /// <exception cref="LimitsException">It cannot be confined as it is to be.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<OneOffEnd> RunAsync(OneOffSpec spec, TimeProvider time, CancellationToken cancel, CancellationToken hurry = default)
    {
        cancel.ThrowIfCancellationRequested();
        var environment = ProcessEnvironment.With(
            new Dictionary<string, string>(Confinement.Complete(spec.Confinement, spec.Environment)) { [WorkerVariables.Task] = spec.Task }, OfWorkers);
        var arguments = spec.Arguments(environment.Whole);
        var before = spec.Log.Length;
        var process = WorkerProcess.Start(arguments, spec.Directory, environment.Changes, spec.Log, time, spec.Input, spec.Confinement);
        spec.Started(process.Pid);
        using var timeout = new CancellationTokenSource(spec.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        WorkerExit? exit = null;
        try
        {
            exit = await process.Exited.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync(spec.Grace, hurry);
            cancel.ThrowIfCancellationRequested();
        }

        return new OneOffEnd(exit, spec.Log.Tail(OutputLines, wholeOnly: false, since: before).Lines);
    }
}
