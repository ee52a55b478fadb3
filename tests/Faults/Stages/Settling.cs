namespace BlueGreen.Faults.Stages;

/// <summary>What keeps a stage from being at rest at a moment; empty when it is.</summary>
/// <param name="Front">No front answers, or a deployment is under way.</param>
/// <param name="Release">Not the release that should serve.</param>
/// <param name="Workers">Worker processes there should not be, or too few of those there should be; or zombies.</param>
public sealed record Settling(string? Front, string? Release, string? Workers)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether it is at rest.</summary>
    public bool IsDone => Front is null && Release is null && Workers is null;

    /// <summary>Looks at a stage again and again until it is at rest.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="isExpected">Whether a release may serve.</param>
    /// <param name="patience">For how long.</param>
    /// <param name="victim">A worker that must be gone, though nothing may have noticed yet that it is of no use.</param>
    /// <returns>What was seen last.</returns>
    public static async Task<Settling> WaitAsync(Stage stage, Predicate<int> isExpected, TimeSpan patience, int? victim = null)
    {
        using var over = new CancellationTokenSource(patience);
        while (true)
        {
            var seen = await LookAsync(stage, isExpected, victim);
            if (seen.IsDone || over.IsCancellationRequested)
                return seen;
            await Task.Delay(BetweenLooks, TimeLimit.Token);
        }
    }

    private static async Task<Settling> LookAsync(Stage stage, Predicate<int> isExpected, int? victim)
    {
        if (stage.FrontPid is not { } front || await stage.Control.TryStatusAsync() is not { } status)
            return new Settling("no front answers", null, null);
        var app = status.App();
        if (app.Deployment is { } deployment)
            return new Settling($"{deployment.Kind} of release {deployment.Release} is at {deployment.Step}", null, null);
        if (app.Active is not { } active)
            return new Settling(null, "no release is active", null);
        return new Settling(
            status.Pid == front ? null : $"the front's pid is {front}, it says {status.Pid}",
            isExpected(active.Release) ? null : $"release {active.Release} is active",
            victim is { } pid && ProcessTable.IsAlive(pid) ? $"worker {pid} should be gone" : WorkersOf(stage, front, app, active));
    }

    private static string? WorkersOf(Stage stage, int front, AppStatus app, ReleaseStatus active)
    {
        var known = active.Workers.Select(worker => worker.Pid).Order().ToList();
        var alive = stage.WorkerPids.Order().ToList();
        if (app.Releases.Count > 1)
            return $"releases {string.Join(", ", app.Releases.Select(release => $"{release.Release} ({release.Role})"))} are live";
        if (!alive.SequenceEqual(known))
            return $"workers {string.Join(", ", alive)} live, those of the active release are {string.Join(", ", known)}";
        if (known.Count != 1 || active.Workers.Any(worker => worker.State != "healthy"))
            return string.Join(", ", active.Workers.Select(worker => $"worker {worker.Id} is {worker.State}"));
        var zombies = ProcessTable.ChildrenOf(front).Where(ProcessTable.IsZombie).ToList();
        return zombies.Count > 0 ? $"zombies {string.Join(", ", zombies)}" : null;
    }
}
