using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Audit;
using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Deployments.Watching;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Health;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers;
using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Tests.Deployments;

/// <summary>
/// All that deploys, with real releases and real processes, for one app. The processes only sleep: the test answers on their ports,
/// so it decides when they are healthy.
/// </summary>
internal sealed class DeploymentBench : IAsyncDisposable
{
    public const string Sleep = "exec sleep 600\n";

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly List<RawWorker> _answering = [];

    /// <param name="change">What its app is configured like; by default one without a probation.</param>
    public DeploymentBench(Func<AppOptions, AppOptions>? change = null)
    {
        Directory = new StateDirectory(_folder["s"]);
        Directory.Create();
        State = StateFile.Open(Directory.Root, new CapturedLog<StateFile>());
        Store = new ReleaseStore(Directory.Releases, TimeProvider.System);
        Apps = new AppRegistry(_ => { }, NoAccessLog.Of, TimeProvider.System);
        var options = new AppOptions
        {
            // Between the choice of a port and its use here, another program could take it.
            Bind = BindKind.Unix,
            Health = new() { Path = "/", Passes = 1 },
            Drain = new() { Requests = TimeSpan.FromMinutes(5) },
            Probation = TimeSpan.Zero,
        };
        Apps.Configure([change?.Invoke(options) ?? options]);
        var stop = new StopTokens(_stopping.Token, _hurry.Token);
        var journal = new WorkerJournal(State);
        var pruning = new Pruning(Store, State, Directory, new CapturedLog<Pruning>());
        var generations = new Generations(State);
        var roleLog = new CapturedLog<AllRoles>();
        var roles = new AllRoles(new RoleServices(new RoleChannel(Directory, roleLog, TimeProvider.System), State, generations, roleLog, TimeProvider.System));
        var retirement = new RetirementRunner(pruning, journal, roles, stop, new CapturedLog<RetirementRunner>(), TimeProvider.System);
        var sites = new LaunchSites(Directory, Store, new ControlGroups(() => null, _ => false), new CapturedLog<LaunchSites>());
        var factory = new WorkerFactory(
            Directory, sites, new WorkerLauncher(new PortAllocator(), TimeProvider.System), new CapturedLog<WorkerFactory>(), TimeProvider.System);
        var supervisor = new Supervisor(factory, journal, retirement, roles, new CapturedLog<Supervisor>(), TimeProvider.System);
        var stager = new SourceStager(Store, TimeProvider.System, new SourceRetries(TimeProvider.System));
        var demands = new AppDemands(Store, State);
        var hooks = new HookRunner(Directory, HookLog, TimeProvider.System);
        Audit = new AuditLog(Directory.Audit, new CapturedLog<AuditLog>());
        var witness = new DeploymentWitness(
            Audit, hooks, State, Published.Enqueue, stop, new CapturedLog<DeploymentWitness>(), TimeProvider.System);
        Processes = new BackgroundProcesses(new ProcessServices(
            new ProcessFactory(Directory, sites, new CapturedLog<ProcessFactory>(), TimeProvider.System), State, generations, stop,
            new CapturedLog<BackgroundProcesses>(), TimeProvider.System));
        Services = new DeploymentServices(
            Store, stager, demands, State, factory, journal, retirement, supervisor, Processes, roles, generations,
            new ReleaseCommands(Directory, sites, stop, new CapturedLog<ReleaseCommands>(), TimeProvider.System), new ReleasePhaseGate(), new Leftovers(), hooks, witness, pruning, TimeProvider.System);
        Coordinator = new DeploymentCoordinator(Services, stop, new CapturedLog<DeploymentCoordinator>());
        RunOnce = new RunOnceRunner(Coordinator, Services, stop, new CapturedLog<RunOnceRunner>());
        Sources = new SourceWatches(stager, demands, State, Coordinator, new CapturedLog<SourceWatches>(), TimeProvider.System, _stopping.Token);
        Recovery = new Recovery(Services, Coordinator, stop, new CapturedLog<Recovery>());
    }

    public StateDirectory Directory { get; }

    public StateFile State { get; }

    public ReleaseStore Store { get; }

    public AuditLog Audit { get; }

    public AppRegistry Apps { get; }

    public BackgroundProcesses Processes { get; }

    /// <summary>What webhooks would be sent.</summary>
    public ConcurrentQueue<DeploymentEvent> Published { get; } = [];

    public CapturedLog<HookRunner> HookLog { get; } = new();

    /// <summary>A folder for what a test makes besides.</summary>
    public TemporaryFolder Folder => _folder;

    public App App => Apps.All[0];

    public DeploymentServices Services { get; }

    public DeploymentCoordinator Coordinator { get; }

    public RunOnceRunner RunOnce { get; }

    public SourceWatches Sources { get; }

    public Recovery Recovery { get; }

    public AppState Journal => State.Current.App("web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A release that does what a shell script says.</summary>
    public string Source(string name, string script = Sleep) => _folder.Script($"sources/{name}", script);

    /// <summary>A release of the workers as usual, and of the processes that a Procfile names.</summary>
    public SourceAddress WithProcfile(string name, string procfile)
    {
        _folder.Script($"sources/{name}/server", Sleep);
        _folder.Write($"sources/{name}/Procfile", $"web: ./server\n{procfile}\n");
        return new SourceAddress.Local(_folder[$"sources/{name}"]);
    }

    /// <summary>Where <see cref="Source"/> has put a release.</summary>
    public string PathOf(string name) => _folder[$"sources/{name}"];

    public SourceAddress Address(string name, string script = Sleep) => new SourceAddress.Local(Source(name, script));

    public Deployment Begin(DeploymentRequest request)
    {
        var (begun, refused) = Coordinator.Begin(App, request);
        Assert.Null(refused);
        return begun!;
    }

    public Deployment BeginDeploy(string name, string script = Sleep) =>
        Begin(new DeploymentRequest.Deploy(Address(name, script), Label: null, Command: null));

    public string Refusal(DeploymentRequest request)
    {
        var (begun, refused) = Coordinator.Begin(App, request);
        Assert.Null(begun);
        return refused!.Reason;
    }

    /// <summary>Waits for an event; another end fails the test.</summary>
    public static Task<DeploymentEvent> ReachedAsync(Deployment deployment, string step) => ReachedAsync(deployment, told => told.Event == step, step);

    /// <summary>Waits for an event of some kind; an end without one fails the test.</summary>
    public static async Task<DeploymentEvent> ReachedAsync(Deployment deployment, Predicate<DeploymentEvent> matches, string what = "it")
    {
        await foreach (var told in deployment.ReadEventsAsync(Token))
        {
            if (matches(told))
            {
                return told;
            }
        }

        throw new InvalidOperationException($"{deployment.Description} never reached {what}");
    }

    /// <summary>Makes the candidate healthy once it is asked.</summary>
    public async Task AnswerAsync(Deployment deployment, Func<int>? status = null)
    {
        await ReachedAsync(deployment, "probing");
        var candidate = Assert.Single(App.Live, live => live.Role == ReleaseRole.Candidate);
        foreach (var worker in candidate.Workers)
        {
            Answer(worker, status);
        }
    }

    /// <summary>Answers for a worker, by default with 200.</summary>
    public RawWorker Answer(LiveWorker worker, Func<int>? status = null)
    {
        var answering = RawWorker.Start(_ => RawWorker.Answer(status?.Invoke() ?? 200), worker.Process.EndPoint);
        _answering.Add(answering);
        return answering;
    }

    /// <summary>The next worker of a release that starts, besides those that are known.</summary>
    public static async Task<LiveWorker> NextWorkerAsync(LiveRelease live, params LiveWorker[] known)
    {
        await Eventually.TrueAsync(() => live.Workers.Any(worker => !known.Contains(worker)));
        return live.Workers.First(worker => !known.Contains(worker));
    }

    /// <summary>Waits until exactly these workers get requests.</summary>
    public Task InRotationAsync(params LiveWorker[] workers) => Eventually.TrueAsync(() =>
        App.Upstream.Split.Backends.Select(backend => backend.Id).Order().SequenceEqual(workers.Select(worker => worker.Process.Id).Order()));

    /// <summary>Ends the process of a worker as a crash does.</summary>
    public static async Task CrashAsync(LiveWorker worker)
    {
        Assert.Equal(0, kill(worker.Process.Pid, 9));
        await worker.Process.Exited.WaitAsync(Token);
    }

    /// <summary>Deploys and waits for the switch.</summary>
    public async Task<Deployment> DeployAsync(string name, Func<int>? status = null, string? procfile = null)
    {
        var deployment = procfile is null ? BeginDeploy(name) : Begin(new DeploymentRequest.Deploy(WithProcfile(name, procfile), Label: null, Command: null));
        await AnswerAsync(deployment, status);
        await ReachedAsync(deployment, "switched");
        return deployment;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _hurry.CancelAsync();
        await Sources.EndAsync();
        App.Rotation.Clear();
        Processes.Of(App).End();
        await Coordinator.WhenIdleAsync();
        Processes.Of(App).End();
        await Processes.Of(App).SettledAsync();
        var left = App.Live;
        await Task.WhenAll(left.Select(live => live.Supervision?.EndAsync() ?? Task.CompletedTask));
        await Task.WhenAll(left.SelectMany(live => live.Workers).Select(worker => worker.Process.StopAsync(TimeSpan.Zero)));
        // Whatever still goes on writes to the folder.
        await Services.Roles.Of(App).EndAsync();
        await Task.WhenAll(left.SelectMany(live => (Task[])[live.DrainEnd, live.RetirementEnd]));
        foreach (var worker in _answering)
        {
            await worker.DisposeAsync();
        }

        _folder.Dispose();
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
