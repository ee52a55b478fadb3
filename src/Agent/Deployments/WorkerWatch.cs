using BlueGreen.Agent.Health;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>The eye on one worker of an active release: its process, and its checks, until it has ended or the watch is over.</summary>
internal sealed class WorkerWatch
{
    private readonly App _app;
    private readonly LiveWorker _worker;
    private readonly Action _changed;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private volatile TaskCompletionSource<ProbeResult> _unhealthy = NewSignal();

    /// <summary>Begins the watch.</summary>
    /// <param name="app">Its app, for the options in force.</param>
    /// <param name="worker">A worker that is healthy.</param>
    /// <param name="changed">Called after each change of its health, and when it has ended.</param>
    /// <param name="logger">Told when it recovers.</param>
    /// <param name="time">The clock of the checks.</param>
    /// <param name="over">Ends the watch.</param>
    public WorkerWatch(App app, LiveWorker worker, Action changed, ILogger logger, TimeProvider time, CancellationToken over)
    {
        _app = app;
        _worker = worker;
        _changed = changed;
        _logger = logger;
        _time = time;
        End = WatchAsync(over);
    }

    /// <summary>Completes when the worker has ended or the watch is over.</summary>
    public Task End { get; }

    /// <summary>Waits until the worker has ended or is unhealthy.</summary>
    /// <returns>The check that failed last; null: it has ended.</returns>
    public async Task<ProbeResult?> BrokenAsync(CancellationToken over)
    {
        var unhealthy = _unhealthy.Task;
        await Task.WhenAny(End, unhealthy).WaitAsync(over);
        if (unhealthy.IsCompleted && !_worker.Process.Exited.IsCompleted)
        {
            return await unhealthy;
        }

        await End;
        over.ThrowIfCancellationRequested();
        return null;
    }

    private static TaskCompletionSource<ProbeResult> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WatchAsync(CancellationToken over)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(over);
        using var probe = new HealthProbe(_worker.Process.EndPoint, () => _app.Options.Health, _time);
        var checks = new HealthMonitor(() => _app.Options.Health, _time).WatchAsync(probe.CheckAsync, OnChange, ended.Token);
        await Task.WhenAny(checks, _worker.Process.Exited);
        if (_worker.Process.Exited.IsCompleted)
        {
            // First of all out of rotation: its requests go to the others, or wait.
            _changed();
        }

        await ended.CancelAsync();
        await checks;
    }

    private void OnChange(bool healthy, ProbeResult last)
    {
        if (healthy)
        {
            _unhealthy = NewSignal();
            _worker.Process.BecomeHealthy();
            _logger.LogInformation("Worker {Worker} of {App} is healthy again: {Check}", _worker.Process.Id, _app.Name, last.Description);
            _changed();
        }
        else
        {
            _worker.Process.BecomeUnhealthy();
            _changed();
            _unhealthy.TrySetResult(last);
        }
    }
}
