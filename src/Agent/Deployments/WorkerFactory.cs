using System.Collections.Concurrent;
using System.Globalization;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments;

/// <summary>Launches the workers of releases, with the environment that the worker contract promises.</summary>
internal sealed class WorkerFactory(StateDirectory directory, WorkerLauncher launcher)
{
    private readonly ConcurrentDictionary<(string App, int Release), int> _numbers = new();

    /// <summary>Starts one worker. It is not healthy yet.</summary>
    /// <exception cref="ReleaseException">Its program cannot be run.</exception>
    public LiveWorker Launch(AppOptions options, Release release, long generation)
    {
        var number = _numbers.AddOrUpdate((options.Name, release.Number), 1, static (_, last) => last + 1);
        var id = string.Create(CultureInfo.InvariantCulture, $"{options.Name}.{release.Number}.{number}");
        var logs = Directory.CreateDirectory(directory.LogsOf(options.Name)).FullName;
        return new LiveWorker(launcher.Launch(new WorkerSpec
        {
            Id = id,
            Directory = release.Directory,
            Arguments = release.Command.ToArguments,
            Environment = EnvironmentOf(options, release, id, generation),
            Bind = options.Bind,
            Log = new WorkerLog(Path.Combine(logs, id + ".log")),
            SocketPath = Path.Combine(directory.Run, id + ".sock"),
        }));
    }

    private Dictionary<string, string> EnvironmentOf(AppOptions options, Release release, string id, long generation) =>
        new(release.Env)
        {
            [WorkerVariables.App] = options.Name,
            [WorkerVariables.Release] = release.Number.ToString(CultureInfo.InvariantCulture),
            [WorkerVariables.Label] = release.Label,
            [WorkerVariables.Worker] = id,
            [WorkerVariables.Generation] = generation.ToString(CultureInfo.InvariantCulture),
            [WorkerVariables.Role] = "standby",
            [WorkerVariables.State] = directory.Root,
        };
}
