using System.Diagnostics;
using BlueGreen.Faults.Accounting;
using BlueGreen.Faults.Stages;
using BlueGreen.Faults.Traffic;

namespace BlueGreen.Faults.Running;

/// <summary>
/// Deploys and rolls back in turn, many times, under load and without faults: nothing may be lost, and the front may not grow.
/// </summary>
/// <param name="stage">Where.</param>
/// <param name="count">Deploys and rollbacks together, after the first ones that only warm the front up.</param>
/// <param name="warmUp">Deploys and rollbacks before the first sample: until then a front grows, since its code is being compiled.</param>
public sealed class DeploysRun(Stage stage, int count, int warmUp = 20)
{
    /// <summary>Deploys and rollbacks between two samples.</summary>
    public const int Every = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>With exchanges that a drain need not wait for long.</summary>
    private static readonly MixedLoadOptions QuickLoad = new() { Pieces = 3 };

    private readonly List<FrontSample> _samples = [];
    private readonly List<Problem> _problems = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Is told of every sample as it comes.</summary>
    public Action<FrontSample> OnSample { get; init; } = _ => { };

    /// <summary>Runs it, within the caller's <see cref="TimeLimit"/>.</summary>
    public async Task<DeploysResult> RunAsync()
    {
        var pid = stage.FrontPid!.Value;
        await using var load = await MixedLoad.StartAsync(stage.Address, QuickLoad);
        for (var done = 1; done <= warmUp + count && _problems.Count == 0; done++)
        {
            await CommandAsync(done % 2 == 1 ? "deploy" : "rollback", load.Log);
            if (done >= warmUp && ((done - warmUp) % Every == 0 || done == warmUp + count))
                await SampleAsync(pid, done - warmUp);
        }
        await load.FurtherAsync(100);
        await load.StopAsync();
        if (stage.FrontPid != pid)
            Report(ProblemKind.Unsettled, $"the front's pid was {pid} and is {stage.FrontPid}");

        var record = RecordFile.Read(stage.RecordFile, load.Prefix);
        return new DeploysResult
        {
            Account = Account.Settle(load.Log, new Attribution(stage.Options.Attribution, [], [], record), record, _started),
            Problems = _problems,
            Samples = _samples,
            Took = Stopwatch.GetElapsedTime(_started),
        };
    }

    private async Task CommandAsync(string verb, TrafficLog log)
    {
        string[] source = verb == "deploy" ? [stage.MakeRelease()] : [];
        await using var command = stage.StartCommand(verb, source);
        var ended = await Task.WhenAny(command.Exited, Task.Delay(Patience, TimeLimit.Token)) == command.Exited;
        TimeLimit.Token.ThrowIfCancellationRequested();
        foreach (var folder in source)
            Directory.Delete(folder, recursive: true);
        if (!ended || command.Exited.Result != 0)
        {
            Report(ProblemKind.NextDeploy, $"{verb} {(ended ? $"ended with {command.Exited.Result}" : "goes on and on")}:\n{command}");
            return;
        }
        var switched = CliResult.Of(command).Event("switched");
        var strays = log.ReleasesSince(switched.At).Where(release => release != switched.Release).ToList();
        if (strays.Count > 0)
            Report(ProblemKind.WrongRelease, $"release {string.Join(", ", strays)} answered after the switch to {switched.Release}");
    }

    private async Task SampleAsync(int pid, int done)
    {
        // Between two deploys: what a deploy needs while it runs does not count.
        var rest = await Settling.WaitAsync(stage, _ => true, Patience);
        if ((rest.Front ?? rest.Release) is { } unsettled)
            Report(ProblemKind.Unsettled, unsettled);
        Report(ProblemKind.Orphans, rest.Workers);
        var sample = new FrontSample(done, ProcessTable.UsageOf(pid), Stopwatch.GetElapsedTime(_started));
        _samples.Add(sample);
        OnSample(sample);
    }

    private void Report(ProblemKind kind, string? text)
    {
        if (text is not null)
            _problems.Add(new Problem(kind, text));
    }
}
