using System.Diagnostics;
using BlueGreen.Faults.Stages;

namespace BlueGreen.Faults.Injection;

/// <summary>Does one fault at the step it is meant for.</summary>
/// <param name="stage">Where.</param>
/// <param name="cell">Which.</param>
/// <param name="activeBefore">The release that serves before the deployment.</param>
/// <param name="late">
/// Whether the fault comes late in its step, where that makes a difference: while workers are being started, after the first is there.
/// </param>
public sealed class Injector(Stage stage, Cell cell, int activeBefore, bool late)
{
    /// <summary>Waits for the step, does the fault, and lets everything go on.</summary>
    /// <param name="deploy">The command that deploys; null for a fault that needs no deployment.</param>
    /// <exception cref="MomentMissedException">The front was too fast.</exception>
    public async Task<Fault> InjectAsync(StartedProcess? deploy)
    {
        if (cell.Step == Step.Idle)
            return Hit(stage.FrontPid!.Value, deploy: null);
        var frontPid = stage.FrontPid!.Value;
        using var frozen = await ReachAsync(frontPid, deploy!);
        await frozen.StillAsync();
        CheckStep(deploy!);
        return Hit(frontPid, deploy);
    }

    private async Task<FrozenFront> ReachAsync(int frontPid, StartedProcess deploy)
    {
        var freezing = new Freezing(frontPid);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TimeLimit.Token);
        try
        {
            var reached = WatchAsync(deploy, freezing.Begin, giveUp.Token);
            // A deployment that has ended does not come by there any more.
            await Task.WhenAny(reached, deploy.Exited);
            if (!reached.IsCompleted)
                await giveUp.CancelAsync();
            await reached.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            freezing.End();
        }
        TimeLimit.Token.ThrowIfCancellationRequested();
        return freezing.Frozen ?? throw new MomentMissedException($"the deployment ended before it was seen at {cell.Step}:\n{deploy}");
    }

    private Task WatchAsync(StartedProcess deploy, Action freeze, CancellationToken cancel)
    {
        return cell.Step switch
        {
            Step.Draining => FreezeAtDrainingAsync(),
            Step.Starting when late || cell.Victim == Victim.Candidate => FolderEvents.WhenCreatedAsync(stage.WorkerLogs, freeze, cancel),
            _ => stage.Journal.DoOnceAsync(IsThere, freeze, cancel),
        };

        async Task FreezeAtDrainingAsync()
        {
            await deploy.WaitForLineAsync(line => line.Contains("\"draining\"", StringComparison.Ordinal));
            freeze();
        }
    }

    private bool IsThere(JournalState state) => cell.Step == Step.Switched
        ? state.Active != activeBefore
        : string.Equals(state.Step, $"{cell.Step}", StringComparison.OrdinalIgnoreCase);

    private void CheckStep(StartedProcess deploy)
    {
        var state = stage.Journal.Current;
        var isThere = state is not null && cell.Step switch
        {
            Step.Draining => !deploy.Lines.Any(line => line.Text.Contains("\"completed\"", StringComparison.Ordinal)),
            _ => IsThere(state),
        };
        if (!isThere)
            throw new MomentMissedException($"at {state?.Step ?? "the end"} instead of {cell.Step}");
    }

    private Fault Hit(int frontPid, StartedProcess? deploy)
    {
        var journal = stage.Journal.Current!;
        var serving = WorkersOf(journal.Active);
        var pid = cell.Victim switch
        {
            Victim.Front => frontPid,
            Victim.Cli => deploy!.Pid,
            Victim.Candidate => WorkersOf(journal.Candidate)[0],
            Victim.Old => WorkersOf(activeBefore)[0],
            _ => serving[0],
        };
        var fault = new Fault { Victim = cell.Victim, Pid = pid, At = Stopwatch.GetTimestamp(), ServingPids = serving };
        ProcessTable.Signal(pid, cell.Victim == Victim.Stopped ? Signals.Stop : Signals.Kill);
        return fault;
    }

    private IReadOnlyList<int> WorkersOf(int? release) => release is { } number && stage.WorkerPidsOf(number) is { Count: > 0 } workers
        ? workers
        : throw new MomentMissedException($"release {release} has no worker");
}
