using System.Globalization;
using BlueGreen.Agent.Deployments;

namespace BlueGreen.Agent.Hosting.Systemd;

/// <summary>
/// Tells the service manager what the front is at: starting, ready, reloading, stopping, and a line of status kept true. It looks
/// now and then rather than being told, and sends what has changed. Its state is under its own lock.
/// </summary>
internal sealed class ServiceReporter(
    ServiceNotifier notifier, ServiceStatus status, AppRegistry apps, DeploymentCoordinator coordinator, TimeProvider time) : IDisposable
{
    /// <summary>Between two looks while something waits for the front to be ready.</summary>
    private static readonly TimeSpan EagerLook = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two looks afterwards.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>What is asked for while first releases are on their way, again at each third of it.</summary>
    private static readonly TimeSpan MoreTimeToStart = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private ITimer? _looking;
    private bool _ready;
    private bool _stopping;
    private string? _told;
    private long? _moreTimeAt;

    /// <summary>Looks for the first time, and then again and again until disposed.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _looking = time.CreateTimer(_ => LookAgain(), null, EagerLook, EagerLook);
            LookNeedsLock();
        }
    }

    /// <summary>
    /// Does a reload with the two messages around it that Type=notify-reload asks for. While the front is not ready there are none: the
    /// second would declare it so.
    /// </summary>
    public T Reload<T>(Func<T> reload)
    {
        // Not under the lock: a reload may take its time.
        TellIfServing("RELOADING=1", $"MONOTONIC_USEC={Microseconds(time.GetElapsedTime(0))}");
        try
        {
            return reload();
        }
        finally
        {
            TellIfServing("READY=1");
        }
    }

    /// <summary>The end begins.</summary>
    /// <param name="longest">How long it may take.</param>
    public void Stopping(TimeSpan longest)
    {
        lock (_gate)
        {
            _stopping = true;
            SendNeedsLock("STOPPING=1", status.Stopping());
            // Drain deadlines may be longer than the unit's TimeoutStopSec. By sd_notify(3) this can only add to it.
            notifier.Send($"EXTEND_TIMEOUT_USEC={Microseconds(longest)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _looking?.Dispose();

    private static string Microseconds(TimeSpan span) => ((long)span.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);

    private void LookAgain()
    {
        // Where the look before still waits for the service manager, this one need not wait too.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            LookNeedsLock();
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void LookNeedsLock()
    {
        if (_ready || _stopping)
        {
            TellStatusNeedsLock();
        }
        else if (apps.All.All(IsSettled))
        {
            // In one message: whoever waits for the start finds the line that goes with it.
            _ready = SendNeedsLock("READY=1", status.Serving());
            if (_ready)
            {
                _looking?.Change(Look, Look);
            }
        }
        else
        {
            TellStatusNeedsLock();
            AskForMoreTimeNeedsLock();
        }
    }

    /// <summary>
    /// Nothing is left to wait for: a deployment is over for this when it has switched, so that the app serves, or has failed for good;
    /// the release of before serves, or has been tried once and is tried again; or there is nothing to start. The status says which.
    /// </summary>
    private bool IsSettled(App app) => coordinator.Running(app) is null
        && (app.Active is not { } active || !app.Upstream.Split.Backends.IsEmpty || active.Workers.Any(worker => worker.Restarts > 0));

    private void TellStatusNeedsLock()
    {
        var line = _stopping ? status.Stopping() : status.Serving();
        if (line != _told && notifier.Send($"STATUS={line}"))
        {
            _told = line;
        }
    }

    private bool SendNeedsLock(string assignment, string line)
    {
        var sent = notifier.Send(assignment, $"STATUS={line}");
        _told = sent ? line : _told;
        return sent;
    }

    /// <summary>
    /// How long a first release may take is bounded by its health.deadline; the unit's TimeoutStartSec is left to a front that hangs.
    /// </summary>
    private void AskForMoreTimeNeedsLock()
    {
        if (_moreTimeAt is { } last && time.GetElapsedTime(last) < MoreTimeToStart / 3)
        {
            return;
        }

        _moreTimeAt = time.GetTimestamp();
        notifier.Send($"EXTEND_TIMEOUT_USEC={Microseconds(MoreTimeToStart)}");
    }

    private void TellIfServing(params ReadOnlySpan<string> assignments)
    {
        lock (_gate)
        {
            if (_ready && !_stopping)
            {
                notifier.Send(assignments);
            }
        }
    }
}
