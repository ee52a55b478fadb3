using System.Collections.Concurrent;
using System.Diagnostics;
using BlueGreen.Faults.Accounting;
using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Stages;
using BlueGreen.Faults.Traffic;

namespace BlueGreen.Faults.Running;

/// <summary>
/// Does random faults at random moments, while deploys, rollbacks and restarts go on under load. The seed decides what is done when; what
/// it meets is not decided.
/// </summary>
/// <param name="stage">Where.</param>
/// <param name="duration">For how long.</param>
/// <param name="seed">Decides the schedule.</param>
public sealed class SoakRun(Stage stage, TimeSpan duration, int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MostTimeToFind = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);
    private static readonly Victim[] Victims = Enum.GetValues<Victim>();

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly ConcurrentBag<Fault> _faults = [];
    private readonly ConcurrentBag<Task> _watching = [];
    private readonly ConcurrentBag<Problem> _problems = [];
    private readonly ConcurrentBag<string> _commands = [];
    private StartedProcess? _command;
    private int _nobody;

    /// <summary>Is told of what is done, a line each.</summary>
    public Action<string> OnLine { get; init; } = _ => { };

    private bool IsOver => Stopwatch.GetElapsedTime(_started) > duration;

    /// <summary>Runs it, within the caller's <see cref="TimeLimit"/>.</summary>
    public async Task<SoakResult> RunAsync()
    {
        var random = new Random(seed);
        var switchesBefore = stage.Journal.Switches.Count;
        await using var load = await MixedLoad.StartAsync(stage.Address, new MixedLoadOptions());
        await Task.WhenAll(CommandAsync(new Random(random.Next())), HurtAsync(new Random(random.Next())));
        await RestAsync();
        await load.FurtherAsync(100);
        await load.StopAsync();

        var record = RecordFile.Read(stage.RecordFile, load.Prefix);
        var attribution = new Attribution(
            stage.Options.Attribution, [.. _faults], [.. stage.Journal.Switches.Skip(switchesBefore)], record);
        return new SoakResult
        {
            Account = Account.Settle(load.Log, attribution, record, _started),
            Problems = [.. _problems],
            Faults = _faults.CountBy(fault => fault.Victim).ToDictionary(pair => pair.Key, pair => pair.Value),
            Nobody = _nobody,
            Commands = _commands.CountBy(what => what).ToDictionary(pair => pair.Key, pair => pair.Value),
            Outages = [.. _faults.Where(fault => fault.Victim == Victim.Front).Select(Outage.Of).OfType<Outage>()],
            Took = Stopwatch.GetElapsedTime(_started),
        };
    }

    private async Task CommandAsync(Random random)
    {
        while (!IsOver)
        {
            var verb = random.Next(10) switch { < 6 => "deploy", < 9 => "rollback", _ => "restart" };
            string[] source = verb == "deploy" ? [stage.MakeRelease()] : [];
            var pause = TimeSpan.FromMilliseconds(random.Next(1500));
            await using var command = stage.StartCommand(verb, source);
            _command = command;
            if (await WithinPatienceAsync(command.Exited))
                _commands.Add($"{verb} {command.Exited.Result}");
            else
                _problems.Add(new Problem(ProblemKind.Unsettled, $"{verb} goes on and on:\n{command}"));
            _command = null;
            foreach (var folder in source)
                Directory.Delete(folder, recursive: true);
            await Task.Delay(pause, TimeLimit.Token);
        }
    }

    private async Task HurtAsync(Random random)
    {
        while (true)
        {
            var pause = TimeSpan.FromMilliseconds(random.Next(1500, 4500));
            var victim = Victims[random.Next(Victims.Length)];
            if (Stopwatch.GetElapsedTime(_started) + pause > duration)
                return;
            await Task.Delay(pause, TimeLimit.Token);
            if (await FindAsync(victim) is { } pid)
                Hurt(victim, pid);
            else
                _nobody++;
        }
    }

    /// <summary>Waits a while for those who are there only during a deployment, and takes nobody twice.</summary>
    private async Task<int?> FindAsync(Victim victim)
    {
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < MostTimeToFind;)
        {
            if (PidOf(victim) is { } pid && _faults.All(fault => fault.Pid != pid))
                return pid;
            await Task.Delay(BetweenLooks, TimeLimit.Token);
        }
        return null;
    }

    private int? PidOf(Victim victim)
    {
        var journal = stage.Journal.Current;
        return victim switch
        {
            Victim.Front => stage.FrontPid,
            Victim.Cli => _command?.Pid,
            Victim.Candidate => WorkerOf(journal?.Candidate),
            Victim.Old => stage.WorkerPids.Select(pid => (int?)pid)
                .FirstOrDefault(pid => !WorkersOf(journal?.Active).Concat(WorkersOf(journal?.Candidate)).Contains(pid!.Value)),
            _ => WorkerOf(journal?.Active),
        };
    }

    private void Hurt(Victim victim, int pid)
    {
        var fault = new Fault { Victim = victim, Pid = pid, At = Stopwatch.GetTimestamp() };
        _faults.Add(fault);
        ProcessTable.Signal(pid, victim == Victim.Stopped ? Signals.Stop : Signals.Kill);
        OnLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(_started).TotalSeconds:N1} s: {victim} {pid}"));
        _watching.Add(victim == Victim.Front ? Recovery.WatchFrontAsync(fault, stage) : Recovery.WatchEndAsync(fault));
    }

    private async Task RestAsync()
    {
        var watched = WithinPatienceAsync(Task.WhenAll(_watching));
        await DeployLastAsync();
        foreach (var fault in _faults.Where(fault => fault is { Victim: Victim.Stopped, Gone: null }))
        {
            _problems.Add(new Problem(ProblemKind.Orphans, $"the stopped worker {fault.Pid} was not replaced"));
            ProcessTable.Signal(fault.Pid, Signals.Continue);
        }
        if (!await watched)
            _problems.Add(new Problem(ProblemKind.Unsettled, "not every fault is over"));
    }

    private async Task DeployLastAsync()
    {
        await Settling.WaitAsync(stage, _ => true, Patience);
        await using var deploy = stage.StartCommand("deploy", stage.MakeRelease());
        if (!await WithinPatienceAsync(deploy.Exited) || deploy.Exited.Result != 0)
        {
            _problems.Add(new Problem(ProblemKind.NextDeploy, $"the last deploy failed:\n{deploy}"));
            return;
        }
        var release = CliResult.Of(deploy).Event("switched").Release;
        var rest = await Settling.WaitAsync(stage, active => active == release, Patience);
        if (rest.Front is { } front)
            _problems.Add(new Problem(ProblemKind.Unsettled, front));
        if (rest.Release is { } wrong)
            _problems.Add(new Problem(ProblemKind.WrongRelease, wrong));
        if (rest.Workers is { } workers)
            _problems.Add(new Problem(ProblemKind.Orphans, workers));
    }

    private int? WorkerOf(int? release) => WorkersOf(release).Select(pid => (int?)pid).FirstOrDefault();

    private IReadOnlyList<int> WorkersOf(int? release) => release is { } number ? stage.WorkerPidsOf(number) : [];

    private static async Task<bool> WithinPatienceAsync(Task task)
    {
        await Task.WhenAny(task, Task.Delay(Patience, TimeLimit.Token));
        TimeLimit.Token.ThrowIfCancellationRequested();
        return task.IsCompletedSuccessfully;
    }
}
