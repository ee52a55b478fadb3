using System.Collections.Immutable;
using BlueGreen.Agent.AccessLogs;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.WarmUps;
using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Deployments;

/// <summary>One app of the front: its options, its upstream, its live releases and what is run once. The lists of the latter are under its own lock.</summary>
internal sealed class App
{
    private readonly Lock _gate = new();
    private ImmutableArray<LiveRelease> _live = [];
    private ImmutableArray<RunningCommand> _runOnce = [];
    private int? _wanted;
    private volatile AppOptions _options;
    private volatile Probation? _probation;

    /// <summary>An app that has no release yet.</summary>
    public App(AppOptions options, AccessLog log, TimeProvider time)
    {
        AccessLog = log;
        _options = options;
        Name = options.Name;
        Upstream = new Upstream(options.Name, time) { HoldOptions = options.Hold };
        Rotation = new Rotation(Upstream, time);
    }

    /// <summary>The app's name.</summary>
    public string Name { get; }

    /// <summary>What the configuration says now; a reload replaces it.</summary>
    public AppOptions Options
    {
        get => _options;
        set
        {
            _options = value;
            Upstream.HoldOptions = value.Hold;
            AccessLog.Configure(value.AccessLog);
            Upstream.Reserved = value.Roles?.Path is { } path ? new ReservedPath(path) : null;
            Upstream.AccessLog = value.AccessLog is null ? null : AccessLog;
            Upstream.RecentPaths = RecentPathsFor(value.WarmUp);
        }
    }

    /// <summary>Where the app's requests choose their backend.</summary>
    public Upstream Upstream { get; }

    /// <summary>Which of its workers those are.</summary>
    public Rotation Rotation { get; }

    /// <summary>The stored release that a deployment is about to start; it must not go meanwhile.</summary>
    public int? Wanted
    {
        get
        {
            lock (_gate)
            {
                return _wanted;
            }
        }

        set
        {
            lock (_gate)
            {
                _wanted = value;
            }
        }
    }

    /// <summary>Its access log, on or off.</summary>
    public AccessLog AccessLog { get; }

    /// <summary>The probation of the active release, or the last one there was.</summary>
    public Probation? Probation
    {
        get => _probation;
        set => _probation = value;
    }

    /// <summary>The releases that have workers, oldest first.</summary>
    public ImmutableArray<LiveRelease> Live
    {
        get
        {
            lock (_gate)
            {
                return _live;
            }
        }
    }

    /// <summary>The release that gets new requests, if any.</summary>
    public LiveRelease? Active => Live.FirstOrDefault(live => live.Role == ReleaseRole.Active);

    /// <summary>What somebody runs once from its releases, or has run and still reads the output of.</summary>
    public ImmutableArray<RunningCommand> RunOnce
    {
        get
        {
            lock (_gate)
            {
                return _runOnce;
            }
        }
    }

    /// <summary>A release gets workers.</summary>
    public void Add(LiveRelease live)
    {
        lock (_gate)
        {
            _live = _live.Add(live);
        }
    }

    /// <summary>The last worker of a release is gone.</summary>
    public void Remove(LiveRelease live)
    {
        lock (_gate)
        {
            _live = _live.Remove(live);
        }
    }

    /// <summary>Something is run once.</summary>
    public void Add(RunningCommand command)
    {
        lock (_gate)
        {
            _runOnce = _runOnce.Add(command);
        }
    }

    /// <summary>It has ended, and nobody reads its output any more.</summary>
    public void Remove(RunningCommand command)
    {
        lock (_gate)
        {
            _runOnce = _runOnce.Remove(command);
        }
    }

    /// <summary>What is known goes on being counted, but not where it was kept with more than is allowed now.</summary>
    private RecentPaths? RecentPathsFor(WarmUpOptions options) => options.Replay == 0 ? null
        : Upstream.RecentPaths is { } known && known.KeepsQueries == options.ReplayQueries ? known
        : new RecentPaths(options.ReplayQueries);
}
