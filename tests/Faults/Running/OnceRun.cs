using System.Diagnostics;
using BlueGreen.Faults.Jobs;
using BlueGreen.Faults.Stages;

namespace BlueGreen.Faults.Running;

/// <summary>
/// Deploys and rolls back in turn while a job runs that must run once; some of the releases are bad, and the front and the job are killed now and
/// then. The seed decides where.
/// </summary>
/// <param name="stage">Where; its options say where the job runs.</param>
/// <param name="count">Deploys and rollbacks together.</param>
/// <param name="kills">How often the front is killed; the job as often.</param>
/// <param name="seed">Decides the steps.</param>
public sealed class OnceRun(Stage stage, int count, int kills, int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int LongestMomentMs = 1200; // about what a deployment takes here
    private const string BeforeTheSwitch = "deploy that fails before anybody is told";

    private readonly Random _random = new(seed);
    private readonly List<Happening> _happenings = [];
    private readonly List<Problem> _problems = [];
    private readonly Stack<int> _served = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>The fewest steps that three bad deploys and the kills find room in.</summary>
    public static int FewestSteps(int kills) => OnceStep.Fewest(3, 2 * kills);

    /// <summary>Is told of every step, a line each.</summary>
    public Action<string> OnLine { get; init; } = _ => { };

    /// <summary>What is wrong with some of the releases: three of them fail, each in its own way.</summary>
    private IReadOnlyList<BadRelease> Bad => stage.Options.Job == JobPlace.Cron
        ? [BadRelease.NeverHealthy, BadRelease.Exits, BadRelease.Refused]
        : [BadRelease.Exits, BadRelease.Deaf, BadRelease.Mute];

    /// <summary>Runs it, within the caller's <see cref="TimeLimit"/>.</summary>
    public async Task<OnceResult> RunAsync()
    {
        _served.Push(await RestAsync(_ => true, "the start"));
        foreach (var planned in OnceStep.Plan(count, Bad, JobKill.Some(kills), _random))
        {
            if (_problems.Count > 0)
                break;
            // A deploy before it may have failed: then there is nothing to go back to.
            var step = _served.Count > 1 ? planned : planned with { Verb = "deploy" };
            OnLine($"{Stopwatch.GetElapsedTime(_started).TotalSeconds:N1} s: {step}");
            Serves(await StepAsync(step, _served.Peek()));
        }

        var history = JobHistory.Of(JobLine.ReadAll(stage.JobFile));
        foreach (var gap in history.Gaps.Where(gap => gap.IsHandover && Happening.CauseOf(gap, _happenings) == BeforeTheSwitch))
            Report(ProblemKind.WrongRelease, $"{gap.Before} ended for a release that was not switched to");
        return new OnceResult
        {
            History = history,
            Happenings = _happenings,
            Problems = _problems,
            Took = Stopwatch.GetElapsedTime(_started),
        };
    }

    /// <summary>Takes note of the release that serves: a new one, or the one before.</summary>
    private void Serves(int release)
    {
        while (_served.TryPeek(out var last) && last > release)
            _served.Pop();
        if (!_served.TryPeek(out var same) || same != release)
            _served.Push(release);
    }

    /// <returns>The release that serves then.</returns>
    private async Task<int> StepAsync(OnceStep step, int release)
    {
        if (step.Kill is { Moment: KillMoment.Idle } idle)
        {
            var killed = Kill(idle);
            release = await RestAsync(active => active == release, $"{step}");
            Happened(idle, killed);
        }
        string[] source = step.Verb == "deploy" ? [Make(step.Bad)] : [];
        var from = Stopwatch.GetTimestamp();
        await using var command = stage.StartCommand(step.Verb, source);
        var hurt = step.Kill is { Moment: not KillMoment.Idle } kill ? await KillDuringAsync(kill, command) : 0;
        await Task.WhenAny(command.Exited, Task.Delay(Patience, TimeLimit.Token));
        TimeLimit.Token.ThrowIfCancellationRequested();
        foreach (var folder in source)
            Directory.Delete(folder, recursive: true);
        if (!command.Exited.IsCompleted)
        {
            Report(ProblemKind.Unsettled, $"{step} goes on and on:\n{command}");
            return release;
        }
        Judge(step, CliResult.Of(command));
        var next = await RestAsync(active => step switch
        {
            { Bad: not null } => active == release,
            { Kill: null or { Moment: KillMoment.Idle } } => active != release,
            _ => true,
        }, $"{step}");
        _happenings.Add(new Happening(NameOf(step), from, Stopwatch.GetTimestamp()));
        if (step.Kill is { Moment: not KillMoment.Idle })
            Happened(step.Kill, hurt);
        return next;
    }

    /// <summary>A killed front has its effects until all is at rest again, a killed job at once.</summary>
    private void Happened(JobKill kill, long at) =>
        _happenings.Add(new Happening($"{kill.Who} killed", at, kill.IsFront ? Stopwatch.GetTimestamp() : at));

    private static string NameOf(OnceStep step) => step.Bad switch
    {
        null => step.Verb,
        BadRelease.Deaf or BadRelease.Mute => $"deploy that is {step.Bad}",
        _ => BeforeTheSwitch,
    };

    /// <summary>What a command may end with: one that something was killed under, with anything.</summary>
    private void Judge(OnceStep step, CliResult result)
    {
        var expected = step.Bad is null ? 0 : 1;
        if (step.Kill is null or { Moment: KillMoment.Idle } && result.Code != expected)
            Report(ProblemKind.NextDeploy, $"{step} ended with {result.Code}, not {expected}:\n{result}");
    }

    private string Make(BadRelease? bad) => bad switch
    {
        BadRelease.NeverHealthy => stage.MakeRelease("health-status=503"),
        BadRelease.Exits => stage.MakeRelease("exit-at-start=3"),
        BadRelease.Refused => stage.MakeRefusedRelease(),
        BadRelease.Deaf => stage.MakeRelease("role-deaf-to=leader"),
        BadRelease.Mute => stage.MakeRelease("role-mute-to=leader"),
        _ => stage.MakeRelease(),
    };

    private async Task<long> KillDuringAsync(JobKill kill, StartedProcess command)
    {
        var before = LastLine();
        var moment = kill.Moment == KillMoment.During
            ? Task.Delay(_random.Next(LongestMomentMs), TimeLimit.Token)
            : HandedOverAsync(kill, before, command.Exited);
        await Task.WhenAny(moment, command.Exited);
        return Kill(kill);
    }

    /// <summary>For the front: the old job has ended. For the job: the new one has begun.</summary>
    private async Task HandedOverAsync(JobKill kill, JobLine before, Task orUntil)
    {
        var kind = kill.IsFront ? JobLineKind.End : JobLineKind.Begin;
        while (!orUntil.IsCompleted && !JobLine.ReadAll(stage.JobFile).Any(line => line.Kind == kind && line.At > before.At))
            await Task.Delay(1, TimeLimit.Token);
    }

    /// <returns>When it was done.</returns>
    private long Kill(JobKill kill)
    {
        var victim = kill.IsFront ? stage.FrontPid : LastLine().Pid;
        var now = Stopwatch.GetTimestamp();
        if (victim is { } pid && (kill.IsFront || stage.WorkerPids.Contains(pid)))
            ProcessTable.Signal(pid, Signals.Kill);
        return now;
    }

    /// <summary>Waits until nothing is under way and the job runs once, in the release that serves.</summary>
    /// <returns>That release.</returns>
    private async Task<int> RestAsync(Predicate<int> isExpected, string after)
    {
        var seen = await JobSettling.WaitAsync(stage, isExpected, Patience);
        if (seen.Unrest is { } unrest)
            Report(ProblemKind.Unsettled, $"after {after}: {unrest}");
        return seen.Release;
    }

    private JobLine LastLine() => JobLine.LastOf(stage.JobFile);

    private void Report(ProblemKind kind, string text) => _problems.Add(new Problem(kind, text));
}
