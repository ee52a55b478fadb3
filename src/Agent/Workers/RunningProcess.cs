using System.Globalization;

namespace BlueGreen.Agent.Workers;

/// <summary>A living process of a type that takes no requests, as its environment describes it.</summary>
/// <param name="Id">APP.RELEASE.TYPE-N</param>
/// <param name="App">The name of its app.</param>
/// <param name="Type">Its type.</param>
/// <param name="Release">The number of its release; at least 1.</param>
/// <param name="Generation">The number its start was given; at least 0.</param>
/// <param name="Identity">The process.</param>
internal sealed record RunningProcess(string Id, string App, string Type, int Release, long Generation, ProcessIdentity Identity)
{
    /// <summary>What its environment says; null when it is none or is not as a front writes it.</summary>
    public static RunningProcess? From(IReadOnlyDictionary<string, string> environment, ProcessIdentity process) =>
        environment.GetValueOrDefault(WorkerVariables.Process) is { Length: > 0 } type
        && !environment.ContainsKey(WorkerVariables.Port)
        && !environment.ContainsKey(WorkerVariables.Task)
        && environment.GetValueOrDefault(WorkerVariables.Worker) is { Length: > 0 } id
        && environment.GetValueOrDefault(WorkerVariables.App) is { Length: > 0 } app
        && int.TryParse(environment.GetValueOrDefault(WorkerVariables.Release), NumberStyles.None, CultureInfo.InvariantCulture, out var release)
        && long.TryParse(environment.GetValueOrDefault(WorkerVariables.Generation), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
        && id.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{app}.{release}.{type}-"), StringComparison.Ordinal)
        && release > 0
            ? new RunningProcess(id, app, type, release, generation, process)
            : null;
}
