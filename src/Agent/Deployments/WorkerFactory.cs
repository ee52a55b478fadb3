using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using BlueGreen.Agent.Workers.Limits;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>Launches the workers of releases, with the environment that the worker contract promises.</summary>
internal sealed class WorkerFactory(
    StateDirectory directory, LaunchSites sites, WorkerLauncher launcher, ILogger<WorkerFactory> logger, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string App, int Release), int> _numbers = new();

    /// <summary>Starts one worker. It is not healthy yet.</summary>
    /// <param name="options">Its app.</param>
    /// <param name="release">What it runs.</param>
    /// <param name="generation">The switch attempt it is started for.</param>
    /// <param name="restarts">How often its place had a worker before that died.</param>
    /// <exception cref="ReleaseException">Its program cannot be run.</exception>
    /// <exception cref="LimitsException">It cannot be given the limits of its type.</exception>
    public LiveWorker Launch(AppOptions options, Release release, long generation, int restarts = 0)
    {
        var number = _numbers.AddOrUpdate((options.Name, release.Number), 1, static (_, last) => last + 1);
        var id = string.Create(CultureInfo.InvariantCulture, $"{options.Name}.{release.Number}.{number}");
        var site = sites.Of(options, release, options.Process(ProcessTypes.Web).Limits, id);
        var role = RoleFile.PathOf(site.Files, id);
        // One of an earlier worker of this name would tell this one that it leads.
        new RoleFile(role, directory.Run).Remove();
        var worker = launcher.Launch(SpecOf(options.Name, release, id, site, BindOf(options, release, site, id), EnvironmentOf(options, release, id, generation, role)));
        _ = LogEndAsync(worker, options.Name, release);
        return new LiveWorker(worker, restarts);
    }

    /// <summary>Takes over a worker that an earlier front started.</summary>
    /// <param name="found">The worker.</param>
    /// <param name="process">Its process, which is watched.</param>
    /// <param name="release">What it runs.</param>
    /// <param name="restarts">How often its place had a worker before that died.</param>
    public LiveWorker Adopt(RunningWorker found, WorkerProcess process, Release release, int restarts)
    {
        var bind = found.EndPoint is UnixDomainSocketEndPoint ? BindKind.Unix : BindKind.Tcp;
        var site = new LaunchSite(release.Directory, null, directory.Run);
        var worker = launcher.Adopt(
            SpecOf(found.App, release, found.Id, site, bind, new Dictionary<string, string>()) with { User = LaunchSites.UserOf(process.Pid) },
            process, found.EndPoint);
        _ = LogEndAsync(worker, found.App, release);
        return new LiveWorker(worker, restarts);
    }

    /// <summary>The process of a worker that an earlier front started.</summary>
    /// <returns>Null when it has ended, or the kernel does not let it be watched.</returns>
    public WorkerProcess? Watch(RunningWorker found)
    {
        try
        {
            return WorkerProcess.Adopt(found.Identity, time, sites.Resume(found.Id, found.Identity.Pid));
        }
        catch (IOException e)
        {
            logger.LogError("Worker {Worker} (pid {Pid}) of an earlier front is left to itself: {Reason}", found.Id, found.Identity.Pid, e.Message);
            return null;
        }
    }

    /// <summary>Gives no worker an id that one of an earlier front has, with its log and its socket.</summary>
    public void Reserve(RunningWorker found)
    {
        if (int.TryParse(found.Id.Split('.')[^1], CultureInfo.InvariantCulture, out var number))
        {
            _numbers.AddOrUpdate((found.App, found.Release), number, (_, last) => Math.Max(last, number));
        }
    }

    /// <summary>
    /// A socket spares the kernel TCP; tests/Benchmarks/README.md has what that was worth. But a worker that died must come back
    /// where the disk is full or read-only, too.
    /// </summary>
    private static BindKind BindOf(AppOptions options, Release release, LaunchSite site, string id) =>
        options.Bind ?? (release.Command.IsAspNetCore && SocketPlace.CanHold(SocketOf(site, id)) ? BindKind.Unix : BindKind.Tcp);

    private static string SocketOf(LaunchSite site, string id) => Path.Combine(site.Files, id + ".sock");

    private WorkerSpec SpecOf(
        string app, Release release, string id, LaunchSite site, BindKind bind, IReadOnlyDictionary<string, string> environment) => new()
    {
        Id = id,
        Directory = site.Directory,
        Confinement = site.Confinement,
        Arguments = release.Command.ToArguments,
        Environment = environment,
        Bind = bind,
        Log = new WorkerLog(Path.Combine(OutputFolder.Of(directory, app, logger), id + ".log")),
        SocketPath = SocketOf(site, id),
    };

    private async Task LogEndAsync(Worker worker, string app, Release release)
    {
        var exit = await worker.Exited;
        logger.LogInformation("Worker {Worker} of {App} release {Release} (pid {Pid}) ended: {Exit} after {Seconds:0.0} s{Told}",
            worker.Id, app, release.Number, worker.Pid, exit.Description, exit.After.TotalSeconds, worker.WasToldToStop ? "" : ", without being told to");
    }

    private Dictionary<string, string> EnvironmentOf(AppOptions options, Release release, string id, long generation, string role) =>
        new(ReleaseEnvironment.Of(directory, options.Name, release))
        {
            [WorkerVariables.Process] = ProcessTypes.Web,
            [WorkerVariables.Worker] = id,
            [WorkerVariables.Generation] = generation.ToString(CultureInfo.InvariantCulture),
            [WorkerVariables.Role] = "standby",
            [WorkerVariables.RoleFile] = role,
        };
}
