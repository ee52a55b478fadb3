using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments.OneOffs;

/// <summary>
/// Runs the process type <c>release</c> of a release, such as migrations, once, before its workers are started, and tells what it prints
/// while it runs.
/// </summary>
internal sealed class ReleasePhase(
    App app, AppOptions options, Deployment deployment, DeploymentPlan plan, DeploymentServices services, DeploymentJournal journal)
{
    /// <summary>All that is told of its output is kept until the deployment is over; beyond 1 MiB it is in the log alone.</summary>
    private const int MostTold = 1024 * 1024;

    private readonly Queue<string> _last = new(DeploymentFailure.OutputLines);
    private int _told;

    /// <summary>The last lines it had printed when the deployment was given up; null: it was not, or not while this ran.</summary>
    public IReadOnlyList<string>? CutOff { get; private set; }

    /// <summary>Runs it, where the release has one and this deployment asks for it.</summary>
    /// <param name="release">The release; it is stored.</param>
    /// <param name="cancel">The deployment is given up.</param>
    /// <returns>Null when there is nothing against going on.</returns>
    public async Task<DeploymentFailure?> RunAsync(Release release, CancellationToken cancel)
    {
        if (!IsWanted || !release.Processes.TryGetValue(ProcessTypes.Release, out var launch))
        {
            return null;
        }

        // From here on a front that finds this in the journal discards the deployment: it is not run a second time for it.
        journal.Write(DeploymentState.Releasing, release.Number);
        deployment.Concerns(release);
        deployment.Advance(DeploymentState.Releasing, told => told with { Command = launch.Line });
        using var alone = services.ReleasePhases.TryEnter(app.Name) ?? await WaitForOtherAsync(cancel);
        var limit = options.Process(ProcessTypes.Release).Timeout;
        var end = await RunAsync(release, new ReleaseCommand(ProcessTypes.Release, launch)
        {
            Process = ProcessTypes.Release,
            Timeout = limit,
            Grace = options.Drain.Stop,
            Started = pid =>
            {
                if (ProcessIdentity.Of(pid) is { } process)
                {
                    journal.TryWriteReleasePhase(process);
                }
            },
        }, cancel);
        return end.Succeeded ? null : Failure(end, limit);
    }

    /// <summary>What serves again, or goes on serving, has had its own; unless somebody asks.</summary>
    private bool IsWanted => plan.Request is DeploymentRequest.Deploy or DeploymentRequest.Rollback { ReleasePhase: true };

    /// <summary>Somebody may be running the release phase by hand.</summary>
    private Task<IDisposable> WaitForOtherAsync(CancellationToken cancel)
    {
        deployment.Tell(told => told with { Output = [$"(waiting: another release phase of {app.Name} runs)"] });
        return services.ReleasePhases.EnterAsync(app.Name, cancel);
    }

    private async Task<OneOffEnd> RunAsync(Release release, ReleaseCommand command, CancellationToken cancel)
    {
        var log = services.Commands.LogOf(app.Name, release, command);
        var output = new LogFollower(log, log.Length);
        var running = services.Commands.RunAsync(options, release, command, cancel);
        await foreach (var piece in output.ReadUntilAsync(running, wholeLines: true, services.Time, CancellationToken.None))
        {
            Tell([.. LogText.Lines(piece)], piece.Length, release.Number);
        }

        try
        {
            return await running;
        }
        catch (OperationCanceledException)
        {
            CutOff = [.. _last];
            throw;
        }
    }

    private void Tell(string[] lines, int bytes, int release)
    {
        foreach (var line in lines.TakeLast(DeploymentFailure.OutputLines))
        {
            if (_last.Count == DeploymentFailure.OutputLines)
            {
                _last.Dequeue();
            }

            _last.Enqueue(line);
        }

        if (_told < MostTold)
        {
            _told += bytes;
            deployment.Tell(told => told with
            {
                Output = _told < MostTold ? lines : [.. lines, $"(too much to show: 'bluegreen logs --release {release}' has the rest)"],
            });
        }
    }

    private static DeploymentFailure Failure(OneOffEnd end, TimeSpan limit) => new(
        end.Exit is { } exit
            ? $"the release phase failed: {exit.Description} after {exit.After.TotalSeconds:0.00} s"
            : $"the release phase had not ended within {limit.TotalSeconds:0.###} s (processes.release.timeout)",
        end.Exit?.Status,
        end.Output);
}
