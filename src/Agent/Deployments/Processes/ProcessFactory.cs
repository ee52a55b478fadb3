using System.Collections.Concurrent;
using System.Globalization;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using BlueGreen.Agent.Workers.Limits;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>Launches the processes of releases that take no requests: as workers, but without an address.</summary>
internal sealed class ProcessFactory(StateDirectory directory, LaunchSites sites, ILogger<ProcessFactory> logger, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string App, int Release, string Type), int> _numbers = new();

    /// <summary>The state folder.</summary>
    public string State => directory.Root;

    /// <summary>Starts one process.</summary>
    /// <param name="options">Its app.</param>
    /// <param name="release">What it runs.</param>
    /// <param name="type">Its type, which the release has.</param>
    /// <param name="generation">The number of its start.</param>
    /// <param name="restarts">How often its place had a process of the release before that died.</param>
    /// <exception cref="ReleaseException">Its program cannot be run.</exception>
    /// <exception cref="LimitsException">It cannot be given the limits of its type.</exception>
    public BackgroundProcess Launch(AppOptions options, Release release, string type, long generation, int restarts)
    {
        var app = options.Name;
        var number = _numbers.AddOrUpdate((app, release.Number, type), 1, static (_, last) => last + 1);
        var id = string.Create(CultureInfo.InvariantCulture, $"{app}.{release.Number}.{type}-{number}");
        var site = sites.Of(options, release, options.Process(type).Limits, id);
        var environment = EnvironmentOf(app, release, type, id, generation, site.Confinement);
        var log = LogOf(app, id);
        var process = WorkerProcess.Start(
            release.Processes[type].ToArguments(environment.Whole), site.Directory, environment.Changes, log, time, confinement: site.Confinement);
        // One that has ended already has no identity any more; nobody will look for it.
        var identity = process.Identity ?? new ProcessIdentity(process.Pid, 0, "");
        return Watched(new RunningProcess(id, app, type, release.Number, generation, identity), process, log, restarts, time.GetUtcNow());
    }

    /// <summary>Takes over a process that an earlier front started.</summary>
    /// <param name="found">The process.</param>
    /// <param name="restarts">How often its place had a process of the release before that died.</param>
    /// <returns>Null when it has ended.</returns>
    /// <exception cref="IOException">It lives, but the kernel does not let it be watched.</exception>
    public BackgroundProcess? Adopt(RunningProcess found, int restarts)
    {
        if (int.TryParse(found.Id[(found.Id.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture, out var number))
        {
            _numbers.AddOrUpdate((found.App, found.Release, found.Type), number, (_, last) => Math.Max(last, number));
        }

        return WorkerProcess.Adopt(found.Identity, time, sites.Resume(found.Id, found.Identity.Pid)) is { } process
            ? Watched(found, process, LogOf(found.App, found.Id), restarts, time.GetUtcNow() - found.Identity.Age())
            : null;
    }

    /// <summary>Whether the program of a release's type can be run, with the limits of the type.</summary>
    /// <exception cref="ReleaseException">It cannot: one line says why.</exception>
    /// <exception cref="LimitsException">It cannot be given its limits; the same.</exception>
    public void Check(AppOptions options, Release release, string type)
    {
        try
        {
            var site = sites.Of(options, release, type == ProcessTypes.Release ? options.LimitsOfCommands : options.Process(type).Limits, name: "");
            release.Processes[type].ToArguments(EnvironmentOf(options.Name, release, type, id: "", generation: 0, site.Confinement).Whole);
        }
        catch (LimitsException e)
        {
            throw new LimitsException($"its {type} process cannot be run: {e.Message}", e);
        }
        catch (ReleaseException e)
        {
            throw new ReleaseException($"its {type} process cannot be run: {e.Message}", e);
        }
    }

    private BackgroundProcess Watched(RunningProcess found, WorkerProcess process, WorkerLog log, int restarts, DateTimeOffset since)
    {
        var watched = new BackgroundProcess(found, process, log, restarts, since);
        _ = LogEndAsync(found.App, watched);
        return watched;
    }

    private async Task LogEndAsync(string app, BackgroundProcess process)
    {
        var exit = await process.Exited;
        logger.LogInformation("Process {Process} of {App} release {Release} (pid {Pid}) ended: {Exit} after {Seconds:0.0} s{Told}",
            process.Id, app, process.Release, process.Pid, exit.Description, exit.After.TotalSeconds,
            process.WasToldToStop ? "" : ", without being told to");
    }

    private WorkerLog LogOf(string app, string id) => new(Path.Combine(OutputFolder.Of(directory, app, logger), id + ".log"));

    private ProcessEnvironment EnvironmentOf(
        string app, Release release, string type, string id, long generation, Confinement? confinement) => ProcessEnvironment.With(
            new Dictionary<string, string>(Confinement.Complete(confinement, ReleaseEnvironment.Of(directory, app, release)))
            {
                [WorkerVariables.Process] = type,
                [WorkerVariables.Worker] = id,
                [WorkerVariables.Generation] = generation.ToString(CultureInfo.InvariantCulture),
            },
            WorkerVariables.OfWorkersAlone);
}
