namespace BlueGreen.Agent.State;

/// <summary>
/// What the state of an app must be to make sense. JSON that can be read may still be damaged, or edited by somebody; acting on it would
/// be worse than to take the previous copy.
/// </summary>
internal static class AppStateCheck
{
    private static readonly string[] Remote = ["http://", "https://", "s3://", "github://"];

    /// <summary>What is wrong; null when nothing is.</summary>
    public static string? Problem(AppState app) => Problems(app).FirstOrDefault();

    /// <summary>
    /// The state with its two counters at least as high as all that they have counted: where one was not written down, and where a change
    /// has forgotten it.
    /// </summary>
    public static AppState WithCounters(AppState app)
    {
        var release = app.Workers.Select(worker => worker.Release).Concat(app.Processes.Select(process => process.Release)).Concat(app.History).Append(app.Active ?? 0).Max();
        var generation = app.Workers.Select(worker => worker.Generation).Concat(app.Processes.Select(process => process.Generation))
            .Append(app.ActiveGeneration ?? 0).Append(app.Leader?.Generation ?? 0).Max();
        return release <= app.LastRelease && generation <= app.Generation
            ? app
            : app with { LastRelease = Math.Max(app.LastRelease, release), Generation = Math.Max(app.Generation, generation) };
    }

    private static IEnumerable<string> Problems(AppState app)
    {
        if (app.Generation < 0)
        {
            yield return $"its generation is {app.Generation}";
        }

        if (app.LastRelease < 0)
        {
            yield return $"its last release is {app.LastRelease}";
        }

        if (app.Active is { } active && !IsRelease(app, active))
        {
            yield return $"its active release is {active} of {app.LastRelease}";
        }

        if (app.ActiveGeneration is { } serving && (app.Active is null || !IsGeneration(app, serving)))
        {
            yield return $"its active generation is {serving} of {app.Generation}";
        }

        if (app.History.Any(number => !IsRelease(app, number)))
        {
            yield return "its history names releases that never were";
        }

        if (app.HighestSequence < 0)
        {
            yield return $"its highest sequence number is {app.HighestSequence}";
        }

        if (app.LastDeploy is { } last && !IsSource(last.Source))
        {
            yield return "the source of its last deploy is neither an absolute path nor a URL";
        }

        if (app.Source is { } mark && (IsMissing(mark.Source) || IsMissing(mark.Digest) || IsMissing(mark.Label)
            || mark.Outcome is not (SourceMark.Deployed or SourceMark.Failed or SourceMark.Available)))
        {
            yield return "what it had from its source makes no sense";
        }

        if (app.Deployment is { } deployment && !IsDeployment(deployment))
        {
            yield return "its deployment makes no sense";
        }

        if (app.Unrecorded.Any(one => !IsDeployment(one)))
        {
            yield return "one of its unrecorded deployments makes no sense";
        }

        if (app.Probation is { } probation && (!IsRelease(app, probation.Fallback)
            || !IsGeneration(app, probation.Generation) || !IsGeneration(app, probation.FallbackGeneration) || probation.Until == default))
        {
            yield return "its probation makes no sense";
        }

        if (app.Workers.Any(worker => !IsWorker(app, worker)))
        {
            yield return "one of its workers makes no sense";
        }

        if (app.Processes.Any(process => !IsProcess(app, process)))
        {
            yield return "one of its processes makes no sense";
        }

        if (app.Leader is { } leader && (IsMissing(leader.Worker) || !IsGeneration(app, leader.Generation)))
        {
            yield return "its leader makes no sense";
        }

        if (app.Scale.Any(type => IsMissing(type.Key) || type.Value < 0))
        {
            yield return "its scale makes no sense";
        }
    }

    private static bool IsDeployment(JournaledDeployment? deployment) =>
        deployment is not null && !IsMissing(deployment.Kind) && !IsMissing(deployment.Step) && !(deployment.Release <= 0);

    private static bool IsSource(string? source) => !IsMissing(source)
        && (Path.IsPathRooted(source) || Array.Exists(Remote, scheme => source!.StartsWith(scheme, StringComparison.Ordinal)));

    private static bool IsWorker(AppState app, JournaledWorker? worker) =>
        worker is not null
        && !IsMissing(worker.Id) && !IsMissing(worker.BootId) && !IsMissing(worker.Address)
        && IsRelease(app, worker.Release) && IsGeneration(app, worker.Generation)
        && worker is { Pid: > 0, StartTicks: >= 0, Restarts: >= 0 };

    private static bool IsProcess(AppState app, JournaledProcess? process) =>
        process is not null
        && !IsMissing(process.Id) && !IsMissing(process.Type) && !IsMissing(process.BootId)
        && IsRelease(app, process.Release) && IsGeneration(app, process.Generation)
        && process is { Pid: > 0, StartTicks: >= 0, Restarts: >= 0 };

    // A counter of 0 was not written down, and counts nothing out.
    private static bool IsRelease(AppState app, int number) => number > 0 && (app.LastRelease == 0 || number <= app.LastRelease);

    private static bool IsGeneration(AppState app, long number) => number >= 0 && (app.Generation == 0 || number <= app.Generation);

    private static bool IsMissing(string? text) => string.IsNullOrEmpty(text);
}
