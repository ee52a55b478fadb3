using BlueGreen.Agent.AccessLogs;
using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Deployments.WarmUps;
using BlueGreen.Agent.Health;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.Releases.Verification;
using BlueGreen.Agent.Workers;
using BlueGreen.Agent.Workers.Limits;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Deployments;

/// <summary>One app as its user configured it. Every value has a default.</summary>
internal sealed record AppOptions
{
    /// <summary>The name of the app that is used where none is named.</summary>
    public const string DefaultName = "web";

    /// <summary>Letters, digits, <c>-</c> and <c>_</c>, at most 64; also a folder's name in the state folder.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>Host names the app answers to: exact, or <c>*.example.com</c>. Empty (the default): all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Path prefix the app answers to, whole segments. Default <c>/</c>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>What USR2, the first start and the watch deploy. Null: what was deployed last.</summary>
    public SourceOptions? Source { get; init; }

    /// <summary>Whose releases it takes.</summary>
    public TrustOptions Trust { get; init; } = new();

    /// <summary>How much a release may hold.</summary>
    public ReleaseLimits Limits { get; init; } = new();

    /// <summary>How a release is started. Null: found in the release.</summary>
    public string? Command { get; init; }

    /// <summary>What workers listen on. Null (the default): a socket where the release is known to take it, else a TCP port.</summary>
    public BindKind? Bind { get; init; }

    /// <summary>Workers a release runs as. Default 1; from 1 to 100.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>What is said of its process types, by type; those of a release's Procfile need not be among them.</summary>
    public IReadOnlyDictionary<string, ProcessTypeOptions> Processes { get; init; } = new Dictionary<string, ProcessTypeOptions>();

    /// <summary>How workers are told their roles. Null (the default): they are not.</summary>
    public RoleOptions? Roles { get; init; }

    /// <summary>Environment added for the workers.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Run once from a new release before its workers are started; its exit status decides. Null: nothing.</summary>
    public CommandOptions? Preflight { get; init; }

    /// <summary>Commands that hear of deployments.</summary>
    public HookOptions Hooks { get; init; } = new();

    /// <summary>How workers prove that they can serve.</summary>
    public HealthOptions Health { get; init; } = new();

    /// <summary>What new workers are asked before they get requests.</summary>
    public WarmUpOptions WarmUp { get; init; } = new();

    /// <summary>How long a new release gets a growing share of the requests before its switch. Default zero: it gets all at the switch.</summary>
    public TimeSpan SlowStart { get; init; }

    /// <summary>How requests wait while no worker can take them.</summary>
    public HoldOptions Hold { get; init; } = HoldOptions.Default;

    /// <summary>
    /// How long a new release has to prove itself after its switch: one that crashes or fails its checks meanwhile is rolled back, to
    /// workers kept running for that long. Default 30 s; zero: never.
    /// </summary>
    public TimeSpan Probation { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long replaced workers may take to finish.</summary>
    public DrainOptions Drain { get; init; } = new();

    /// <summary>What stays behind of replaced releases.</summary>
    public KeepOptions Keep { get; init; } = new();

    /// <summary>How its access log is kept. Null (the default): there is none.</summary>
    public AccessLogOptions? AccessLog { get; init; }

    /// <summary>What is said of a type, or the defaults.</summary>
    public ProcessTypeOptions Process(string type) => Processes.GetValueOrDefault(type) ?? ProcessTypeOptions.Default;

    /// <summary>The limits of what is run once from a release: those of its release phase, else those of its workers.</summary>
    public ProcessLimits LimitsOfCommands =>
        Process(ProcessTypes.Release).Limits is var own && own != ProcessLimits.None ? own : Process(ProcessTypes.Web).Limits;

    /// <summary>The users that its processes may be of, besides the front's own.</summary>
    public IEnumerable<uint> Users => Processes.Values.Select(type => Account.Of(type.Limits)?.Uid).OfType<uint>();

    /// <summary>The command lines that are configured for types, by type.</summary>
    public IReadOnlyDictionary<string, string> Commands =>
        Processes.Where(type => type.Value.Command is not null).ToDictionary(type => type.Key, type => type.Value.Command!);
}
