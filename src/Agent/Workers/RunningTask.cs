namespace BlueGreen.Agent.Workers;

/// <summary>A living process that a front started to run once, as its environment describes it.</summary>
/// <param name="Task">What it is for.</param>
/// <param name="App">The name of the app it is for.</param>
/// <param name="Identity">The process.</param>
internal sealed record RunningTask(string Task, string App, ProcessIdentity Identity)
{
    /// <summary>What its environment says; null when it is none.</summary>
    public static RunningTask? From(IReadOnlyDictionary<string, string> environment, ProcessIdentity process) =>
        environment.GetValueOrDefault(WorkerVariables.Task) is { Length: > 0 } task
        && environment.GetValueOrDefault(WorkerVariables.App) is { Length: > 0 } app
            ? new RunningTask(task, app, process)
            : null;
}
