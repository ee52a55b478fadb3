using System.Collections.Immutable;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Writes down which worker processes of an app may be alive, so that a front that comes after this one finds them. Each time all of
/// them: what one failed write leaves out, the next one has.
/// </summary>
internal sealed class WorkerJournal(StateFile state)
{
    /// <summary>The living workers of an app.</summary>
    public static ImmutableArray<JournaledWorker> WorkersOf(App app) =>
    [
        .. from live in app.Live
           from worker in live.Workers
           where worker.Process is { State: not WorkerState.Exited, Identity: not null }
           select new JournaledWorker(
               worker.Process.Id, live.Release.Number, live.Generation, worker.Process.Pid, worker.Process.Identity!.StartTicks,
               worker.Process.Identity.BootId, LiveWorker.AddressOf(worker.Process.EndPoint).ToString()) { Restarts = worker.Restarts },
    ];

    /// <summary>Writes them down.</summary>
    /// <exception cref="StateException">They could not be written.</exception>
    public void Write(App app) => state.Update(app.Name, before => before with { Workers = WorkersOf(app) });

    /// <summary>The same where serving must go on although the disk does not: the environment of the processes tells of them too.</summary>
    public void TryWrite(App app) => state.TryUpdate(app.Name, before => before with { Workers = WorkersOf(app) });
}
