using BlueGreen.Faults.Jobs;

namespace BlueGreen.Faults.Stages;

/// <summary>Whether a release serves, nothing is under way, and what must run once runs in it.</summary>
/// <param name="Release">The release that serves; 0 where none is known.</param>
/// <param name="Unrest">What is not so yet; null when all is.</param>
public sealed record JobSettling(int Release, string? Unrest)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks at a stage again and again until all is so.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="isExpected">Whether a release may serve.</param>
    /// <param name="patience">For how long.</param>
    /// <returns>What was seen last.</returns>
    public static async Task<JobSettling> WaitAsync(Stage stage, Predicate<int> isExpected, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(stage);
        using var over = new CancellationTokenSource(patience);
        while (true)
        {
            var seen = await LookAsync(stage, isExpected);
            if (seen.Unrest is null || over.IsCancellationRequested)
                return seen;
            await Task.Delay(BetweenLooks, TimeLimit.Token);
        }
    }

    private static async Task<JobSettling> LookAsync(Stage stage, Predicate<int> isExpected)
    {
        if (await stage.Control.TryStatusAsync() is not { } status || status.Pid != stage.FrontPid)
            return new JobSettling(0, "no front answers");
        if (status.App() is not { Deployment: null, Active: { Release: var release } active })
            return new JobSettling(0, "a deployment is under way, or no release is active");
        return new JobSettling(release, isExpected(release) ? UnrestOf(stage, active) : $"release {release} is active");
    }

    private static string? UnrestOf(Stage stage, ReleaseStatus active)
    {
        if (active.Workers.Count != stage.Options.Instances || active.Workers.Any(worker => worker.State != "healthy"))
            return $"workers are {string.Join(", ", active.Workers.Select(worker => $"{worker.Id} {worker.State}"))}";
        var last = JobLine.LastOf(stage.JobFile);
        if (last.Release != active.Release || last.Kind == JobLineKind.End || !ProcessTable.IsAlive(last.Pid))
            return $"the job's last line is {last}";
        return stage.Options.Job == JobPlace.Cron && stage.CronPids is not [_]
            ? $"crons {string.Join(", ", stage.CronPids)} live"
            : null;
    }
}
