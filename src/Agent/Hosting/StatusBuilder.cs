using System.Reflection;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Deployments.Watching;
using BlueGreen.Agent.Hosting.Configuration;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.State;
using BlueGreen.Proxy;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Hosting;

/// <summary>Puts together what <c>status</c> shows.</summary>
internal sealed class StatusBuilder(
    ProxyServer proxy, AppRegistry apps, DeploymentCoordinator coordinator, BackgroundProcesses processes, AllRoles roles, SourceWatches sources, StateFile state,
    TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>This program's version.</summary>
    public static string Version { get; } =
        typeof(StatusBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The front at this moment.</summary>
    public StatusReport Build() => new(
        Environment.ProcessId,
        Version,
        _startedAt,
        [.. proxy.Addresses.Select(ListenAddress.Format)],
        [.. apps.All.Select(AppOf)]);

    private AppReport AppOf(App app) => new(
        app.Name,
        state.Current.App(app.Name).Generation,
        app.Upstream.Held,
        app.Upstream.Resent,
        app.Rotation.IsDegraded,
        [.. app.Live.Reverse().Select(ReleaseOf)],
        coordinator.Running(app) is { } running
            ? new RunningDeploymentReport(running.Request.Kind, Deployment.NameOf(running.State), running.Number, running.StartedAt)
            : null,
        app.Probation is { Outcome.IsCompleted: false } probation
            ? new ProbationReport(probation.Live.Release.Number, probation.Until, probation.Fallback)
            : null,
        SourceOf(app))
    {
        Processes = [.. ProcessesOf(app)],
        Leader = roles.Of(app).Leader is { } leader ? new LeaderReport(leader.Process.Id, roles.Of(app).Generation) : null,
        RunOnce = [.. app.RunOnce.Where(command => !command.Ended.IsCompleted).Select(Of)],
    };

    private IEnumerable<ProcessTypeReport> ProcessesOf(App app)
    {
        var background = processes.Of(app);
        var (wanted, failures) = (background.Wanted, background.Failures);
        var living = background.Living.ToLookup(process => process.Type);
        return
            from type in wanted.Keys.Union(living.Select(ofType => ofType.Key)).Order(StringComparer.Ordinal)
            select new ProcessTypeReport(
                type, app.Options.Process(type).Singleton, wanted.GetValueOrDefault(type), [.. living[type].Select(ProcessOf)], [.. failures[type]]);
    }

    private static ProcessReport ProcessOf(BackgroundProcess process) => new(
        process.Id, process.Pid, process.Release, process.Generation,
        process.Exited.IsCompleted ? "exited" : process.WasToldToStop ? "stopping" : "running", process.Since, process.Restarts);

    private SourceReport? SourceOf(App app)
    {
        if (coordinator.SourceOf(app) is not { } address)
        {
            return null;
        }

        var last = sources.Of(app).Last is { } look && look.Source == address ? look : null;
        return new SourceReport(
            address.Shown, (long?)app.Options.Source?.Every?.TotalMilliseconds, Name(app.Options.Source?.Deploy ?? NewContent.Auto), last?.At,
            last is null ? null : Name(last.Result), last?.Detail);
    }

    private static RunOnceReport Of(RunningCommand command) => new(
        command.Id, command.Release.Number, command.Request.Process, command.Line, command.Pid, command.StartedAt,
        command.Request.By is { } by ? new ActorReport(by.Uid, by.User) : null);

    private static LiveReleaseReport ReleaseOf(LiveRelease live) => new(
        live.Release.Number, live.Release.Label, live.Release.Digest, Name(live.Role), live.Since, [.. live.Workers.Select(WorkerOf)]);

    private static WorkerReport WorkerOf(LiveWorker worker) => new(
        worker.Process.Id,
        worker.Process.Pid,
        LiveWorker.AddressOf(worker.Process.EndPoint).ToString(),
        Name(worker.Process.State),
        worker.Restarts,
        Of(worker.InFlight))
    {
        Role = worker.Told is { } told ? Name(told.Role) : null,
    };

    private static InFlightReport Of(InFlight inFlight) => new(inFlight.Requests, inFlight.Streams, inFlight.Upgraded);

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
