using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.State;
using BlueGreen.Proxy;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Hosting.Systemd;

/// <summary>
/// The front's side of systemd's Type=notify: reports and watchdog. Where there is no NOTIFY_SOCKET, as under supervisord or on a
/// terminal, nothing of it runs.
/// </summary>
internal sealed class ServiceManager : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ServiceReporter? _reporter;
    private readonly Watchdog? _watchdog;
    private volatile bool _stopping;
    private Task _watching = Task.CompletedTask;

    /// <summary>Reads what the environment says; sends nothing yet.</summary>
    public ServiceManager(
        ProxyServer proxy, AppRegistry apps, DeploymentCoordinator coordinator, StateFile state, StateDirectory directory, ILogger<ServiceManager> logger, TimeProvider time)
    {
        var notifier = new ServiceNotifier(new SystemdNotifier(), logger);
        if (!notifier.IsEnabled)
        {
            return;
        }

        _reporter = new ServiceReporter(notifier, new ServiceStatus(apps, coordinator, state), apps, coordinator, time);
        if (WatchdogInterval.Read(Environment.GetEnvironmentVariable, Environment.ProcessId) is { } interval)
        {
            // Both parts together stay within a quarter of the interval, so that there is time for another try.
            var check = new SelfCheck(proxy.Addresses, directory.ControlSocket, interval / 8);
            // The ports close when the front stops; what it does until its end is still to be seen as alive.
            _watchdog = new Watchdog(
                interval, cancel => _stopping ? check.ControlFailureAsync(cancel) : check.FailureAsync(cancel), notifier, logger, time);
        }
    }

    /// <summary>Begins, once the front listens and has begun what it starts with.</summary>
    /// <returns>Itself; dispose of it when the front has stopped.</returns>
    public IAsyncDisposable Start()
    {
        _reporter?.Start();
        _watching = _watchdog?.RunAsync(_end.Token) ?? Task.CompletedTask;
        return this;
    }

    /// <summary>Does a reload, told as one.</summary>
    public T Reload<T>(Func<T> reload) => _reporter is null ? reload() : _reporter.Reload(reload);

    /// <summary>The front stops.</summary>
    /// <param name="longest">How long that may take.</param>
    public void Stopping(TimeSpan longest)
    {
        _stopping = true;
        _reporter?.Stopping(longest);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _reporter?.Dispose();
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }
}
