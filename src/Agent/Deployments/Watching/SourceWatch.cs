using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Watching;

/// <summary>
/// The eye on the source of one app: looks now and then, where that is configured, and when somebody asks. One look at a time, which the
/// semaphore sees to.
/// </summary>
internal sealed class SourceWatch
{
    private readonly App _app;
    private readonly SourceCheck _check;
    private readonly DeploymentCoordinator _coordinator;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _over;
    private readonly SemaphoreSlim _free = new(1, 1);
    private volatile TaskCompletionSource _reconfigured = NewSignal();
    private volatile SourceLook? _last;
    private readonly Task _end;
    private int _orders;

    /// <summary>Begins the watch.</summary>
    /// <param name="app">The app.</param>
    /// <param name="check">Looks.</param>
    /// <param name="coordinator">Knows where releases of the app come from.</param>
    /// <param name="logger">Told of what is new, and once of what goes wrong.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="stopping">The front stops.</param>
    public SourceWatch(
        App app, SourceCheck check, DeploymentCoordinator coordinator, ILogger logger, TimeProvider time, CancellationToken stopping)
    {
        (_app, _check, _coordinator, _logger, _time) = (app, check, coordinator, logger, time);
        _over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _end = WatchAsync(_over.Token);
    }

    /// <summary>The last look; null: there was none since the front's start.</summary>
    public SourceLook? Last => _last;

    /// <summary>The configuration of the app may be another one.</summary>
    public void Reconfigure()
    {
        var before = _reconfigured;
        _reconfigured = NewSignal();
        before.TrySetResult();
    }

    /// <summary>Looks now.</summary>
    /// <param name="by">Who wants it; null: not known.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>Null: the app has no source.</returns>
    public Task<SourceLook?> CheckAsync(Actor? by, CancellationToken cancel) => LookAsync(new LookCause(DeploymentTrigger.Cli, by), cancel);

    /// <summary>What the source has now is to serve. Orders that come while one waits add up to that one.</summary>
    public void Order()
    {
        if (Interlocked.Increment(ref _orders) == 1)
        {
            _coordinator.Follow(OrderAsync());
        }
    }

    /// <summary>Ends the watch.</summary>
    public async Task EndAsync()
    {
        await _over.CancelAsync();
        await _end;
        await _free.WaitAsync(CancellationToken.None);
        _check.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WatchAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var reconfigured = _reconfigured.Task;
            var source = _app.Options.Source;
            try
            {
                await reconfigured.WaitAsync(source?.Every is { } every ? NextPause(source, every) : Timeout.InfiniteTimeSpan, _time, over);
            }
            catch (TimeoutException)
            {
                await TryLookAsync(LookCause.Watch, over);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    private async Task OrderAsync()
    {
        if (await TryLookAsync(LookCause.Usr2, _over.Token) is { Result: LookResult.Unchanged } look)
        {
            _logger.LogInformation("{App}: {Source} has nothing new: {Detail}", _app.Name, look.Source, look.Detail);
        }
    }

    private async Task<SourceLook?> TryLookAsync(LookCause cause, CancellationToken cancel)
    {
        try
        {
            return await LookAsync(cause, cancel);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e)
        {
            // A bug of ours must not end the watch.
            _logger.LogError(e, "The source of {App} could not be looked at: unexpected error", _app.Name);
            return null;
        }
    }

    private async Task<SourceLook?> LookAsync(LookCause cause, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _over.Token);
        await _free.WaitAsync(either.Token);
        try
        {
            if (cause.IsOrder)
            {
                Interlocked.Exchange(ref _orders, 0);
            }

            if (_coordinator.SourceOf(_app) is not { } address)
            {
                return null;
            }

            var options = _app.Options.Source?.For(address) ?? SourceOptions.Default(address);
            var look = await _check.RunAsync(options, cause, either.Token);
            // What goes on failing in the same way was said.
            if (look.Result == LookResult.Failed && (cause.IsOrder || _last is not { Result: LookResult.Failed } last || last.Detail != look.Detail))
            {
                _logger.LogWarning("{App}: nothing can be had from {Source}: {Reason}", _app.Name, look.Source, look.Detail);
            }

            return _last = look;
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>A tenth more or less each time: many fronts must not ask one server all at once.</summary>
    private TimeSpan NextPause(SourceOptions source, TimeSpan every)
    {
        if (_last?.Result == LookResult.Settling)
        {
            return SourceCheck.SettleTime(source);
        }

        var jittered = every * (0.9 + (0.2 * Random.Shared.NextDouble()));
        return _last?.RetryAfter is { } wish && wish > jittered ? wish : jittered;
    }
}
