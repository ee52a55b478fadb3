using System.Runtime.InteropServices;
using BlueGreen.Agent.AccessLogs;
using BlueGreen.Agent.Control;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Audit;
using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Deployments.Watching;
using BlueGreen.Agent.Hosting.Configuration;
using BlueGreen.Agent.Hosting.Systemd;
using BlueGreen.Agent.Hosting.Webhooks;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using BlueGreen.Agent.Workers.Limits;
using BlueGreen.Proxy;
using BlueGreen.Proxy.Listeners;
using BlueGreen.Proxy.Tls;
using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Hosting;

/// <summary>The front: puts its parts together, runs until it is told to stop, and takes them apart again.</summary>
internal sealed class AgentHost : IAsyncDisposable
{
    /// <summary>Requests that may wait for an app's first worker.</summary>
    private const int HeldAtStart = 1000;

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RunSettings _settings;
    private readonly string? _firstApp;
    private readonly StateDirectory _directory;
    private readonly ILoggerFactory _logging;
    private readonly ILogger _logger;
    private readonly ProxyServer _proxy;
    private readonly CertificateKeeper _certificates;
    private readonly StateFile _state;
    private readonly ReleaseStore _store;
    private readonly AuditLog _audit;
    private readonly WebhookSet _webhooks;
    private readonly AppRegistry _apps;
    private readonly DeploymentCoordinator _coordinator;
    private readonly RunOnceRunner _runOnce;
    private readonly SourceWatches _sources;
    private readonly BackgroundProcesses _processes;
    private readonly AllRoles _roles;
    private readonly Pruning _pruning;
    private readonly Scaling _scaling;
    private readonly Recovery _recovery;
    private readonly FrontShutdown _shutdown;
    private readonly LogRotation _rotation;
    private readonly ServiceManager _service;
    private FrontOptions _options;

    private AgentHost(RunSettings settings, FrontOptions options, StateDirectory directory, ILoggerFactory logging)
    {
        _settings = settings;
        // Told once: a later configuration may well have no such app any more.
        _firstApp = settings.Release is null ? null : settings.TargetApp(options);
        _options = options;
        _directory = directory;
        _logging = logging;
        _logger = logging.CreateLogger<AgentHost>();
        _proxy = ProxyServer.Open(options.Listen, options.Limits, logging);
        _certificates = new CertificateKeeper(table => _proxy.Certificates = table, logging.CreateLogger<CertificateKeeper>(), _time);
        _state = StateFile.Open(directory.Root, logging.CreateLogger<StateFile>());
        _store = new ReleaseStore(directory.Releases, _time, logging.CreateLogger<ReleaseStore>());
        _apps = new AppRegistry(
            routes => _proxy.Routes = routes,
            app => new AccessLog(app, directory.AccessLogOf(app), logging.CreateLogger<AccessLog>(), _time),
            _time);
        var stop = new StopTokens(_stopping.Token, _hurry.Token);
        var journal = new WorkerJournal(_state);
        _pruning = new Pruning(_store, _state, directory, logging.CreateLogger<Pruning>());
        var generations = new Generations(_state);
        var roleLog = logging.CreateLogger<AllRoles>();
        _roles = new AllRoles(new RoleServices(new RoleChannel(directory, roleLog, _time), _state, generations, roleLog, _time));
        var retirement = new RetirementRunner(_pruning, journal, _roles, stop, logging.CreateLogger<RetirementRunner>(), _time);
        var sites = new LaunchSites(
            directory, _store, new ControlGroups(ControlGroupPlace.Find, pid => RunningWorkers.Concerns(directory.Root, pid)),
            logging.CreateLogger<LaunchSites>());
        var factory = new WorkerFactory(directory, sites, new WorkerLauncher(new PortAllocator(), _time), logging.CreateLogger<WorkerFactory>(), _time);
        var supervisor = new Supervisor(factory, journal, retirement, _roles, logging.CreateLogger<Supervisor>(), _time);
        var stager = new SourceStager(_store, _time, new SourceRetries(_time));
        var demands = new AppDemands(_store, _state);
        _processes = new BackgroundProcesses(new ProcessServices(
            new ProcessFactory(directory, sites, logging.CreateLogger<ProcessFactory>(), _time), _state, generations, stop,
            logging.CreateLogger<BackgroundProcesses>(), _time));
        var commands = new ReleaseCommands(directory, sites, stop, logging.CreateLogger<ReleaseCommands>(), _time);
        var hooks = new HookRunner(directory, logging.CreateLogger<HookRunner>(), _time);
        _audit = new AuditLog(directory.Audit, logging.CreateLogger<AuditLog>());
        _webhooks = new WebhookSet(logging.CreateLogger<WebhookSet>(), _time);
        var witness = new DeploymentWitness(_audit, hooks, _state, _webhooks.Publish, stop, logging.CreateLogger<DeploymentWitness>(), _time);
        var services = new DeploymentServices(
            _store, stager, demands, _state, factory, journal, retirement, supervisor, _processes, _roles, generations, commands, new ReleasePhaseGate(), new Leftovers(),
            hooks, witness, _pruning, _time);
        _coordinator = new DeploymentCoordinator(services, stop, logging.CreateLogger<DeploymentCoordinator>());
        _runOnce = new RunOnceRunner(_coordinator, services, stop, logging.CreateLogger<RunOnceRunner>());
        _scaling = new Scaling(services, _coordinator);
        _sources = new SourceWatches(stager, demands, _state, _coordinator, logging.CreateLogger<SourceWatches>(), _time, stop.Stopping);
        _recovery = new Recovery(services, _coordinator, stop, logging.CreateLogger<Recovery>());
        _shutdown = new FrontShutdown(_proxy, _apps, _coordinator, retirement, _processes, _roles, _state, logging.CreateLogger<FrontShutdown>(), _time);
        _rotation = new LogRotation(directory, logging.CreateLogger<LogRotation>(), _time);
        _service = new ServiceManager(_proxy, _apps, _coordinator, _state, directory, logging.CreateLogger<ServiceManager>(), _time);
    }

    /// <summary>Runs a front until it is told to stop.</summary>
    /// <exception cref="UserError">It cannot start: one line says why.</exception>
    /// <exception cref="ConfigurationException">The configuration is wrong.</exception>
    public static async Task RunAsync(RunSettings settings)
    {
        var options = settings.Read();
        CheckCertificates(options);
        var directory = StateDirectory.Find(settings.State ?? options.State);
        ControlServer.CheckLength(directory.ControlSocket);
        try
        {
            directory.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the state folder {directory.Root} cannot be used: {e.Message}; choose another with --state or ${StateDirectory.Variable}");
        }

        using var held = FrontLock.Take(directory);
        using var logging = FrontLog.Create(settings.LogFormat);
        try
        {
            await using var host = new AgentHost(settings, options, directory, logging);
            await host.RunAsync();
        }
        catch (Exception e) when (e is ListenException or StateException)
        {
            throw new UserError(e.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The two token sources stay usable: a signal can come until the very end.
        await _webhooks.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    private async Task RunAsync()
    {
        _store.RemoveLeftovers();
        var (added, _) = _apps.Configure(_options.Apps);
        var status = new StatusBuilder(_proxy, _apps, _coordinator, _processes, _roles, _sources, _state, _time);
        var endpoints = new ControlEndpoints(
            new FrontActions(status.Build, () => _service.Reload(Reload), AskToStop), _apps, _coordinator, _scaling, _runOnce, _pruning, _sources, _store, _state, _audit, _directory, _time);
        // Before anybody can ask for a deployment: that waits for what is left of one before it.
        RunningWorkers.WaitForLaunches(_directory.Root);
        await _recovery.StopTasksAsync(RunningWorkers.FindTasks(_directory.Root, Users), app => (_apps.Find(app)?.Options ?? new AppOptions()).Drain.Stop);
        await using (await ControlServer.StartAsync(_directory, endpoints, _logging))
        {
            _webhooks.Configure(_options.Webhooks);
            Recover(added);
            Apply(_options);
            await _proxy.StartAsync();
            _logger.LogInformation("bluegreen {Version} (pid {Pid}) listens on {Addresses}, state in {State}, configuration {Configuration}",
                StatusBuilder.Version, Environment.ProcessId, string.Join(", ", _proxy.Addresses.Select(ListenAddress.Format)), _directory.Root,
                _settings.FileInUse ?? "by default");
            SignalHandler.DeliverTo(Receive);
            using var rotating = _rotation.Start();
            using var returning = new MemoryReturn(_time).Start();
            using var watching = _certificates.Start();
            _sources.Configure(_apps.All);
            await using var reporting = _service.Start();
            await _stopAsked.Task;
            _service.Stopping(_shutdown.Longest);
            await _stopping.CancelAsync();
            await _sources.EndAsync();
            await _shutdown.RunAsync(_hurry.Token);
        }

        _logger.LogInformation("Stopped");
    }

    /// <summary>Whose processes are believed to be an app's, besides those of the front's own user.</summary>
    private ILookup<string, uint> Users =>
        _options.Apps.SelectMany(app => app.Users, (app, user) => (app.Name, user)).ToLookup(pair => pair.Name, pair => pair.user);

    /// <summary>The file alone is checked where it is read; here the addresses of the command line are known, too.</summary>
    private static void CheckCertificates(FrontOptions options)
    {
        if (options.Tls.Certificates.Count == 0 && options.Listen.FirstOrDefault(ListenAddress.IsHttps) is { } address)
        {
            throw new UserError(
                $"{ListenAddress.Format(address)} needs a certificate; add one under tls.certificates in {RunSettings.DefaultConfigurationFile}");
        }
    }

    /// <summary>What of the front itself a reload can change.</summary>
    private void Apply(FrontOptions options)
    {
        _proxy.TrustedProxies = options.TrustedProxies;
        _certificates.Configure(options.Tls);
        _proxy.RedirectsToHttps = options.Tls.Redirect;
        _webhooks.Configure(options.Webhooks);
        foreach (var warning in LimitsWarnings.Of(options))
        {
            _logger.LogWarning("The next deployment will fail: {Warning}", warning);
        }
    }

    /// <summary>Takes up what an earlier front has left, app by app: one that is in a bad way does not stop the others.</summary>
    private void Recover(IReadOnlyList<App> apps)
    {
        var running = RunningWorkers.Find(_directory.Root, Users);
        var processes = RunningWorkers.FindProcesses(_directory.Root, Users);
        foreach (var app in apps)
        {
            try
            {
                BeginFirst(
                    app, [.. running.Where(worker => worker.App == app.Name)], [.. processes.Where(process => process.App == app.Name)],
                    DeploymentTrigger.Start);
            }
            catch (Exception e)
            {
                _logger.LogCritical(e, "{App} could not be taken up where it was left: unexpected error", app.Name);
            }
        }

        // Which users an app that is gone had its processes run as is not configured any more: those are known by the journal alone.
        var gone = _state.Current.Apps.Where(app => _apps.Find(app.Key) is null).ToArray();
        foreach (var stray in running.Where(worker => _apps.Find(worker.App) is null)
            .UnionBy(gone.SelectMany(app => JournaledWorkers.With([], app.Key, app.Value.Workers)), worker => worker.Identity))
        {
            _recovery.StopStray(stray);
        }

        foreach (var stray in processes.Where(process => _apps.Find(process.App) is null)
            .UnionBy(gone.SelectMany(app => ProcessRecovery.Journaled(app.Key, app.Value)), process => process.Identity))
        {
            _recovery.StopStray(stray);
        }
    }

    /// <summary>
    /// What a new front, or an app new to it, begins with: the release that was active, else the release to deploy first. Requests wait
    /// meanwhile rather than fail.
    /// </summary>
    private void BeginFirst(App app, IReadOnlyList<RunningWorker> running, IReadOnlyList<RunningProcess> processes, DeploymentTrigger trigger)
    {
        app.Upstream.BeginHold(new HoldOptions(HeldAtStart, app.Options.Health.Deadline));
        if (_recovery.TryRecover(app, running, processes))
        {
            return;
        }

        if ((app.Name == _firstApp ? _settings.Release : app.Options.Source?.Address) is not { } source)
        {
            app.Upstream.EndHold();
            return;
        }

        var (begun, refused) = _coordinator.Begin(app, new DeploymentRequest.Deploy(source, Label: null, Command: null) { Trigger = trigger });
        if (begun is null)
        {
            app.Upstream.EndHold();
            _logger.LogError("{App} cannot be started: {Reason}", app.Name, refused!.Reason);
            return;
        }

        _ = EndHoldOnFailureAsync(app, begun);
    }

    private static async Task EndHoldOnFailureAsync(App app, Deployment deployment)
    {
        if (await deployment.ReadEventsAsync().AnyAsync(told => told.Event == "failed"))
        {
            app.Upstream.EndHold();
        }
    }

    private void Receive(PosixSignal signal)
    {
        switch (signal)
        {
            case SignalHandler.Usr2:
                _logger.LogInformation("USR2: deploying again from the source of each app");
                foreach (var app in _apps.All)
                {
                    _sources.Redeploy(app);
                }

                break;
            case PosixSignal.SIGHUP:
                _service.Reload(Reload);
                break;
            default:
                if (_stopAsked.Task.IsCompleted)
                {
                    _logger.LogWarning("Second {Signal}: ending at once", signal);
                    _hurry.Cancel();
                }

                AskToStop();
                break;
        }
    }

    private void AskToStop()
    {
        if (_stopAsked.TrySetResult())
        {
            _logger.LogInformation("Stopping: no new connections, requests in flight finish; a second signal ends at once");
        }
    }

    /// <summary>
    /// Opens logs anew, reads the configuration again and applies what a running front can change. A wrong one changes nothing.
    /// </summary>
    private ReloadReport Reload()
    {
        foreach (var app in _apps.All)
        {
            app.AccessLog.Reopen();
        }

        try
        {
            var next = _settings.Read();
            var change = ConfigurationDiff.Between(_options, next);
            var (added, removed) = _apps.Configure(next.Apps);
            Apply(next);
            _options = next;
            foreach (var app in added)
            {
                BeginFirst(app, [], [], DeploymentTrigger.Config);
            }

            foreach (var app in removed)
            {
                _shutdown.Remove(app);
            }

            foreach (var app in _apps.All)
            {
                _processes.Of(app).Refresh();
                _roles.Of(app).Refresh();
            }

            _sources.Configure(_apps.All);

            foreach (var line in change.Applied)
            {
                _logger.LogInformation("Reloaded: {Change}", line);
            }

            foreach (var line in change.NeedsRestart)
            {
                _logger.LogWarning("Not applied: {Change}", line);
            }

            return new ReloadReport(change.Applied, change.NeedsRestart, []);
        }
        catch (ConfigurationException e)
        {
            var errors = e.Errors.Select(error => error.ToString()).ToArray();
            _logger.LogError("The configuration stays as it was: {Errors}", string.Join("; ", errors));
            return new ReloadReport([], [], errors);
        }
    }
}
