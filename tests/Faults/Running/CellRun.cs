using System.Diagnostics;
using System.Text.RegularExpressions;
using BlueGreen.Faults.Accounting;
using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Stages;
using BlueGreen.Faults.Traffic;

namespace BlueGreen.Faults.Running;

/// <summary>
/// Does one fault under load on a stage that is at rest, waits until it is at rest again, deploys once more, and says what came of it all.
/// </summary>
/// <param name="stage">Where.</param>
/// <param name="cell">Which fault.</param>
/// <param name="random">Decides what may go one way or the other.</param>
public sealed partial class CellRun(Stage stage, Cell cell, Random random)
{
    /// <summary>Enough to be seen while it is copied, and little enough not to be waited for.</summary>
    private const long Ballast = 96 * 1024 * 1024;

    private const int MostAttempts = 5;

    /// <summary>How long a stage may need to come to rest: more than a few restarts of workers with their pauses, and than a leader is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly int _logBefore = stage.FrontLog.Length;
    private readonly int _switchesBefore = stage.Journal.Switches.Count;
    private readonly List<Problem> _problems = [];
    private Fault? _fault;
    private int _missed;
    private bool _rolledBack;

    private string NewLog => stage.FrontLog[_logBefore..];

    /// <summary>Runs it, within the caller's <see cref="TimeLimit"/>.</summary>
    public async Task<CellResult> RunAsync()
    {
        await using var load = await MixedLoad.StartAsync(stage.Address, new MixedLoadOptions());
        while (_fault is null && _missed < MostAttempts)
            await AttemptAsync(load.Log);
        await DeployOnceMoreAsync();
        await load.FurtherAsync(50);
        await load.StopAsync();
        return SumUp(load);
    }

    private async Task AttemptAsync(TrafficLog log)
    {
        var before = (await stage.Control.StatusAsync()).App().Active!.Release;
        try
        {
            await FaultAsync(before, log);
        }
        catch (MomentMissedException e)
        {
            _missed++;
            await Settling.WaitAsync(stage, _ => true, Patience);
            if (_missed == MostAttempts)
                Report(ProblemKind.Unsettled, $"its moment was missed {MostAttempts} times: {e.Message}");
        }
    }

    private async Task FaultAsync(int before, TrafficLog log)
    {
        string? gate = null;
        await using var deploy = cell.Step == Step.Idle ? null : stage.StartCommand("deploy", cell.Step switch
        {
            Step.Fetching => stage.MakeBigRelease(Ballast),
            Step.Releasing => stage.MakePhasedRelease(),
            Step.Starting or Step.Probing => stage.MakeGatedRelease(out gate),
            Step.HandingOver => stage.MakeRelease("role-delay-ms=100"),
            _ => stage.MakeRelease(),
        });
        try
        {
            _fault = await new Injector(stage, cell, before, late: random.Next(2) == 1).InjectAsync(deploy);
        }
        finally
        {
            if (gate is not null)
                await File.WriteAllTextAsync(gate, "", CancellationToken.None);
        }

        var watching = cell.Victim == Victim.Front ? Recovery.WatchFrontAsync(_fault, stage) : Recovery.WatchEndAsync(_fault);
        if (deploy is not null)
            await CheckExitAsync(deploy);
        await CheckRestAsync(before, deploy, log);
        if (cell.Victim == Victim.Stopped && !watching.IsCompleted)
            // Nobody has replaced it: what hangs in it is to come to an end all the same.
            ProcessTable.Signal(_fault.Pid, Signals.Continue);
        await WithinPatienceAsync(watching);
    }

    private async Task CheckExitAsync(StartedProcess deploy)
    {
        if (!await WithinPatienceAsync(deploy.Exited))
            Report(ProblemKind.Unsettled, $"deploy goes on and on:\n{deploy}");
        else if (Expectation.ExitCode(cell) is { } expected && deploy.Exited.Result != expected
            && !(HasRolledBack(deploy) && Expectation.MayRollBack(cell)))
            Report(ProblemKind.Unsettled, $"deploy ended with {deploy.Exited.Result} instead of {expected}:\n{deploy}");
    }

    private async Task CheckRestAsync(int before, StartedProcess? deploy, TrafficLog log)
    {
        var isNew = Expectation.IsNewRelease(cell);
        int? victim = _fault!.HitsWorker ? _fault.Pid : null;
        var rest = await Settling.WaitAsync(
            stage, active => Expectation.MayRollBack(cell) || isNew == (active != before), Patience, victim);
        Report(ProblemKind.Unsettled, rest.Front);
        Report(ProblemKind.WrongRelease, rest.Release);
        Report(ProblemKind.Orphans, rest.Workers);
        if (rest.Front is not null || (await stage.Control.TryStatusAsync())?.App().Active is not { } active)
            return;

        _rolledBack = isNew && active.Release == before;
        if (_rolledBack && !HasRolledBack(deploy))
            Report(ProblemKind.WrongRelease, $"release {before} is back, and nobody said why");
        if (cell.Victim == Victim.Front && !active.Workers.All(worker => _fault.ServingPids.Contains(worker.Pid)))
            Report(ProblemKind.NotAdopted, $"worker {active.Workers[0].Pid} serves, it was {string.Join(", ", _fault.ServingPids)}");
        CheckAnswers(isNew, before, active.Release, deploy, log);
    }

    /// <summary>A discarded candidate must never have answered; after a switch was told, nobody but the new release may.</summary>
    private void CheckAnswers(bool isNew, int before, int active, StartedProcess? deploy, TrafficLog log)
    {
        var switched = deploy?.Lines.FirstOrDefault(line => line.Text.Contains("\"switched\"", StringComparison.Ordinal)).At ?? 0;
        long? since = !isNew ? _fault!.At : switched > 0 && !_rolledBack ? switched : null;
        if (since is not { } moment)
            return;
        var strays = log.ReleasesSince(moment).Where(release => release != active).ToList();
        if (strays.Count > 0)
            Report(ProblemKind.WrongRelease, $"release {string.Join(", ", strays)} answered instead of {(isNew ? active : before)}");
    }

    private async Task DeployOnceMoreAsync()
    {
        var isClean = _problems.Count == 0;
        await using var deploy = stage.StartCommand("deploy", stage.MakeRelease());
        if (!await WithinPatienceAsync(deploy.Exited) || deploy.Exited.Result != 0)
        {
            Report(ProblemKind.NextDeploy, $"{deploy}");
            return;
        }
        var release = CliResult.Of(deploy).Event("switched").Release;
        var rest = await Settling.WaitAsync(stage, active => active == release, isClean ? Patience : Patience / 4);
        Report(ProblemKind.NextDeploy, rest.Front ?? rest.Release);
        if (isClean)
            Report(ProblemKind.Orphans, rest.Workers);
    }

    private bool HasRolledBack(StartedProcess? deploy) =>
        deploy is { Exited: { IsCompleted: true, Result: 5 } } || RolledBack().IsMatch(NewLog);

    private CellResult SumUp(MixedLoad load)
    {
        var record = RecordFile.Read(stage.RecordFile, load.Prefix);
        Fault[] faults = _fault is null ? [] : [_fault];
        var attribution = new Attribution(
            stage.Options.Attribution, faults, [.. stage.Journal.Switches.Skip(_switchesBefore)], record);
        return new CellResult
        {
            Cell = cell,
            Account = Account.Settle(load.Log, attribution, record, _fault?.At ?? _started),
            Problems = _problems,
            Outage = _fault is null ? null : Outage.Of(_fault),
            HasRolledBack = _rolledBack,
            Missed = _missed,
            Took = Stopwatch.GetElapsedTime(_started),
            FrontLog = NewLog,
        };
    }

    private void Report(ProblemKind kind, string? text)
    {
        if (text is not null)
            _problems.Add(new Problem(kind, text));
    }

    private static async Task<bool> WithinPatienceAsync(Task task)
    {
        await Task.WhenAny(task, Task.Delay(Patience, TimeLimit.Token));
        TimeLimit.Token.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }

    [GeneratedRegex("roll(ed|ing)? ?back", RegexOptions.IgnoreCase)]
    private static partial Regex RolledBack();
}
