using System.Collections.Immutable;
using System.ComponentModel;
using BlueGreen.Agent.Releases;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>
/// A place for one process of a type. One loop owns it: whatever is wished for, and however often that changes, it first sees the process that
/// is not wished for any more gone, with all it has started, and only then starts another one. So no two live at once, whoever deploys,
/// rolls back, dies or is killed meanwhile. Only processes of a type that may overlap are started first, and the old ones stopped then.
/// </summary>
internal sealed class ProcessPlace
{
    /// <summary>One that has run for so long has stayed up.</summary>
    private static readonly TimeSpan StayedUp = TimeSpan.FromSeconds(1);

    /// <summary>How often it is said that a process does not go.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly App _app;
    private readonly string _type;
    private readonly ProcessServices _services;
    private readonly Action _changedWhoLives;
    private readonly TaskCompletionSource _wished = NewSignal();
    private ProcessWish? _wish;
    private TaskCompletionSource _wishChanged = NewSignal();
    private TaskCompletionSource _settled = NewSignal();
    private BackgroundProcess? _process;
    private ImmutableArray<BackgroundProcess> _leaving;
    private volatile string? _failure;

    /// <summary>A place, and who was found in it.</summary>
    /// <param name="app">Its app.</param>
    /// <param name="type">The type of its processes.</param>
    /// <param name="found">Who was found in it, the newest last.</param>
    /// <param name="services">What starts and ends processes.</param>
    /// <param name="changedWhoLives">Called after each change of <see cref="Living"/>.</param>
    public ProcessPlace(App app, string type, ImmutableArray<BackgroundProcess> found, ProcessServices services, Action changedWhoLives)
    {
        _app = app;
        _type = type;
        _services = services;
        _changedWhoLives = changedWhoLives;
        _process = found.LastOrDefault();
        _leaving = found.IsEmpty ? [] : found[..^1];
        _ = Task.Run(KeepAsync);
    }

    /// <summary>Who lives in it, or is not yet seen to be gone.</summary>
    public ImmutableArray<BackgroundProcess> Living
    {
        get
        {
            lock (_gate)
            {
                return _process is null ? _leaving : _leaving.Add(_process);
            }
        }
    }

    /// <summary>Why the one that is to be in it does not stay up, as of its last try; null: it does, or has not been tried yet.</summary>
    public string? Failure => _failure;

    /// <summary>
    /// Completes when what was wished for last is the case: nobody is in it, or the right one is and has run for a second; and when that one
    /// has shown that it does not stay up, or something else is wished for meanwhile.
    /// </summary>
    public Task Settled
    {
        get
        {
            lock (_gate)
            {
                return _settled.Task;
            }
        }
    }

    /// <summary>Says who is to be in it.</summary>
    /// <param name="wish">Null: nobody.</param>
    public void Want(ProcessWish? wish)
    {
        lock (_gate)
        {
            if (_wished.Task.IsCompleted && ProcessWish.AreSame(_wish, wish))
            {
                return;
            }

            _wish = wish;
            _settled.TrySetResult();
            _settled = NewSignal();
            _wishChanged.TrySetResult();
            _wishChanged = NewSignal();
            _wished.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task KeepAsync()
    {
        try
        {
            await _wished.Task;
            while (true)
            {
                var (wish, changed) = Read();
                await KeepAsync(wish, changed);
            }
        }
        catch (Exception e)
        {
            // A bug of ours: the place is not looked after until the front's next start, so it must not go unnoticed.
            _services.Logger.LogCritical(e, "The {Type} process of {App} is not looked after any more: unexpected error", _type, _app.Name);
        }
    }

    /// <summary>Makes one wish true, and keeps it so until there is another.</summary>
    private async Task KeepAsync(ProcessWish? wish, Task changed)
    {
        _failure = null;
        await SeeOffAsync(wish);
        if (wish is null)
        {
            Settle(changed);
            await changed;
            return;
        }

        var backoff = new RestartBackoff(_services.Time);
        for (var restarts = _process?.Restarts ?? 0; !changed.IsCompleted; restarts++)
        {
            if (_process is not null || TryLaunch(wish, restarts))
            {
                backoff.BecameHealthy();
                if (await StaysAsync(_process!, changed))
                {
                    return;
                }

                await ReportEndAsync(_process!, wish);
                Put(null);
            }

            Settle(changed);
            await Task.WhenAny(Task.Delay(backoff.Next(), _services.Time), changed);
        }
    }

    /// <summary>Sees everybody gone who is not wished for; those that may overlap with the next one leave once that has stayed up.</summary>
    private async Task SeeOffAsync(ProcessWish? wish)
    {
        if (_process is { } process && wish?.IsMetBy(process) != true)
        {
            lock (_gate)
            {
                _leaving = _leaving.Add(process);
                _process = null;
            }
        }

        if (wish is null || _app.Options.Process(_type).Singleton)
        {
            await StopLeavingAsync();
        }
    }

    private async Task StopLeavingAsync()
    {
        var leaving = _leaving;
        await Task.WhenAll(leaving.Select(StopAsync));
        lock (_gate)
        {
            _leaving = _leaving.RemoveRange(leaving);
        }

        if (!leaving.IsEmpty)
        {
            _changedWhoLives();
        }
    }

    private async Task StopAsync(BackgroundProcess process)
    {
        await process.StopAsync(_app.Options.Drain.Stop, _services.Stop.Hurry);
        await GoneAsync(process);
    }

    private async Task GoneAsync(BackgroundProcess process)
    {
        var gone = process.GoneAsync();
        while (await Task.WhenAny(gone, Task.Delay(Reminder, _services.Time)) != gone)
        {
            _services.Logger.LogError("Process {Process} of {App} (pid {Pid}) was killed and does not go; no other {Type} is started before it has gone",
                process.Id, _app.Name, process.Pid, _type);
        }
    }

    private bool TryLaunch(ProcessWish wish, int restarts)
    {
        try
        {
            var generation = _services.Generations.Take(_app.Name);
            var next = _services.Factory.Launch(_app.Options, wish.Release, _type, generation, restarts);
            Put(next);
            _services.Logger.LogInformation("Started process {Process} of {App} release {Release} (pid {Pid}, generation {Generation}, restart {Restart})",
                next.Id, _app.Name, next.Release, next.Pid, generation, restarts);
            return true;
        }
        catch (Exception e) when (e is ReleaseException or IOException or UnauthorizedAccessException or Win32Exception)
        {
            Report(wish, new DeploymentFailure($"its {_type} process cannot be started: {e.Message}"));
            return false;
        }
    }

    /// <summary>Waits until something else is wished for.</summary>
    /// <returns>False when the process ends before.</returns>
    private async Task<bool> StaysAsync(BackgroundProcess process, Task changed)
    {
        await Task.WhenAny(process.Exited, changed, Task.Delay(StayedUp, _services.Time));
        if (!process.Exited.IsCompleted && !changed.IsCompleted)
        {
            _failure = null;
            Settle(changed);
            await Task.WhenAny(process.Exited, changed);
        }

        return changed.IsCompleted;
    }

    /// <summary>One that ended by itself; what it has started is seen to be gone, too.</summary>
    private async Task ReportEndAsync(BackgroundProcess process, ProcessWish wish)
    {
        var exit = await process.Exited;
        Report(wish, new DeploymentFailure($"process {process.Id} ended: {exit.Description}", exit.Status, process.Log.Tail(DeploymentFailure.OutputLines)));
        await GoneAsync(process);
    }

    /// <summary>What happened is shown and logged, and decides the fate of a release on probation.</summary>
    private void Report(ProcessWish wish, DeploymentFailure failure)
    {
        _failure = failure.Reason;
        _services.Logger.LogError("{App} release {Release}: {What}; {Output}", _app.Name, wish.Release.Number, failure.Reason,
            failure.Output is { Count: > 0 } output ? $"its last output: {string.Join(" | ", output)}" : "no output");
        if (_app.Probation is { } probation && probation.Live.Generation == wish.Generation)
        {
            probation.Fail(failure);
        }
    }

    private (ProcessWish? Wish, Task Changed) Read()
    {
        lock (_gate)
        {
            return (_wish, _wishChanged.Task);
        }
    }

    private void Put(BackgroundProcess? process)
    {
        lock (_gate)
        {
            _process = process;
        }

        _changedWhoLives();
    }

    /// <param name="changed">The end of the wish that has come true.</param>
    private void Settle(Task changed)
    {
        lock (_gate)
        {
            if (!changed.IsCompleted)
            {
                _settled.TrySetResult();
            }
        }

        if (!_leaving.IsEmpty)
        {
            _ = StopLeavingAsync();
        }
    }
}
