using System.ComponentModel;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.SlowStarts;
using BlueGreen.Agent.Deployments.WarmUps;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.Releases.Verification;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Carries out one deployment. Up to the switch it touches nothing that serves; the switch is journaled, then done in one step; what
/// comes after it only finishes the replaced release.
/// </summary>
internal sealed class DeploymentRunner(App app, Deployment deployment, DeploymentPlan plan, DeploymentServices services, ILogger logger)
{
    private readonly DeploymentJournal _journal = new(app, deployment, plan, services, logger);
    private readonly ReleaseStore _store = services.Store;
    private readonly StateFile _state = services.State;
    private readonly RetirementRunner _retirement = services.Retirement;
    private readonly TimeProvider _time = services.Time;
    private readonly AppOptions _options = app.Options;
    private Release? _release = plan.Stored;
    private LiveRelease? _candidate = plan.Warm;
    private StagedRelease? _staged;
    private SourceMark? _mark;
    private ReleasePhase? _phase;
    private CandidateStart? _start;
    private TimeSpan _readyAfter;
    private TimeSpan _switchedAfter;
    private LiveRelease? _replaced;
    private CancellationToken _reclaimed;
    private Probation? _probation;
    private Func<DeploymentEvent, DeploymentEvent>? _failed;

    /// <summary>The probation that the switch has begun, if any.</summary>
    public Probation? Probation => _probation;

    /// <summary>Everything up to the switch; where that fails, nothing of the candidate is left. The outcome is not told yet.</summary>
    /// <param name="stop">The front stops.</param>
    public async Task PromoteAsync(CancellationToken stop)
    {
        if (await MakeReadyAsync(stop) is { } failure)
        {
            await DiscardAsync(failure);
        }
    }

    /// <summary>Tells the outcome and, after a switch, waits for the replaced release to finish what it has, and for the other processes to have changed.</summary>
    public async Task FinishAsync()
    {
        if (_failed is not null)
        {
            deployment.Advance(DeploymentState.Failed, _failed);
            return;
        }

        deployment.Advance(DeploymentState.Switched, told => told with { ReadyAfterMs = (long)_readyAfter.TotalMilliseconds });
        var inFlight = _replaced?.InFlight.Total ?? 0;
        deployment.Advance(DeploymentState.Draining, told => told with { InFlight = inFlight });
        var draining = _replaced is null ? Task.FromResult(default(DrainResult)) : _retirement.DrainAsync(app, _replaced, _reclaimed);
        // A cron that does not stay up is to be known before the command that deployed it has returned.
        var settled = Task.WhenAll(draining, services.Processes.Of(app).SettledAsync());
        if (await FailsProbationBeforeAsync(settled) is { } failure)
        {
            deployment.Advance(DeploymentState.RolledBack, told => told with
            {
                Reason = failure.Reason,
                ExitCode = failure.ExitCode,
                Output = failure.Output,
                StillActive = _probation!.Fallback,
            });
            await draining;
            return;
        }

        await settled;
        var result = await draining;
        deployment.Advance(DeploymentState.Completed, told => told with
        {
            SwitchedAfterMs = (long)_switchedAfter.TotalMilliseconds,
            Drained = result.Drained,
            Cut = result.Cut,
        });
    }

    /// <summary>Why the release was rolled back before the replaced one had made way; null when it was not.</summary>
    private async Task<DeploymentFailure?> FailsProbationBeforeAsync(Task settled)
    {
        if (_probation is null)
        {
            return null;
        }

        await Task.WhenAny(settled, _probation.Outcome);
        return _probation.Outcome is { IsCompletedSuccessfully: true, Result: ProbationOutcome.Failed failed } && await _probation.RolledBack
            ? failed.Failure
            : null;
    }

    private async Task<DeploymentFailure?> MakeReadyAsync(CancellationToken stop)
    {
        using var timeout = plan.Request.Timeout is { } limit ? new CancellationTokenSource(limit, _time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            if (plan.Request.Trigger != DeploymentTrigger.Probation)
            {
                // A front before this one may have been killed in a release phase: that is over before anything else begins.
                await services.Leftovers.GoneAsync(app.Name).WaitAsync(either.Token);
            }

            if (_release is null)
            {
                await FetchAsync((DeploymentRequest.Deploy)plan.Request, either.Token);
                Prepare((DeploymentRequest.Deploy)plan.Request);
            }

            services.Processes.Of(app).Check(_release!);
            if (await new CandidateCheck(app, _options, deployment, plan, services, _journal).RunAsync(_release!, either.Token) is { } refused)
            {
                return refused;
            }

            _phase = new ReleasePhase(app, _options, deployment, plan, services, _journal);
            if (await _phase.RunAsync(_release!, either.Token) is { } unreleased)
            {
                return unreleased;
            }

            if (_candidate is not null && await ProbeAsync(either.Token) is { } failure)
            {
                GiveUpWarm(failure);
            }

            if (_candidate is null)
            {
                Start();
                if (await ProbeAsync(either.Token) is { } reason)
                {
                    return reason;
                }

                var warmUp = new CandidateWarmUp(app, _options, deployment, plan, services, _journal, logger);
                if (await warmUp.RunAsync(_candidate!, either.Token) is { } cold)
                {
                    return cold;
                }
            }

            var slowStart = new CandidateSlowStart(app, _options, deployment, plan, services, _journal, logger);
            return await slowStart.RunAsync(_candidate!, either.Token) ?? await HandOverAsync(either.Token) ?? Switch();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _mark = null;
            return new DeploymentFailure("the front is stopping", Output: _phase?.CutOff);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return OutOfTime(plan.Request.Timeout!.Value);
        }
        catch (Exception e) when (e is ReleaseException or Win32Exception)
        {
            return new DeploymentFailure(e.Message);
        }
        catch (Exception e) when (e is StateException or IOException or UnauthorizedAccessException)
        {
            // Not the content is to blame but the machine: the same may well work later.
            _mark = null;
            return new DeploymentFailure(e.Message);
        }
        catch (Exception e)
        {
            _mark = null;
            // A bug of ours must not wedge the app: the candidate is discarded like any other, and the log says what happened.
            logger.LogError(e, "Deployment of {App} met an unexpected error at {Step}", app.Name, Deployment.NameOf(deployment.State));
            return new DeploymentFailure($"internal error: {e.Message}");
        }
    }

    private async Task FetchAsync(DeploymentRequest.Deploy request, CancellationToken cancel)
    {
        _staged = request.Staged?.Release;
        _journal.Write(DeploymentState.Fetching, release: null);
        deployment.Advance(DeploymentState.Fetching, told => told with { Source = request.Source });
        var demands = services.Demands.Of(app, request.Sha256);
        if (request.Staged is { } early)
        {
            ReleaseVerifier.AcceptStaged(early.Release, demands);
        }

        var options = _options.Source?.For(request.From) ?? SourceOptions.Default(request.From);
        var fetched = request.Staged ?? await services.Stager.StageAsync(app.Name, options, demands, TellProgress, cancel);
        _staged = fetched.Release;
        if (_options.Source?.Address == request.From)
        {
            _mark = new SourceMark(request.Source, fetched.Version, _staged.Digest, _staged.Label, SourceMark.Deployed);
        }
    }

    private void TellProgress(FetchProgress progress) =>
        deployment.Tell(told => told with { Bytes = progress.Bytes, Total = progress.Total, Rate = progress.Rate });

    private void Prepare(DeploymentRequest.Deploy request)
    {
        // The number is taken before anything carries it: a front that finds this in the journal knows what to throw away.
        var number = Math.Max(_state.Current.App(app.Name).LastRelease, _store.HighestNumber(app.Name)) + 1;
        _journal.Write(DeploymentState.Preparing, number, before => before with { LastRelease = number });
        deployment.Advance(DeploymentState.Preparing, told => told with
        {
            Digest = _staged!.Digest,
            FileDigest = _staged.Verified is { } file ? $"sha256:{file.Sha256}" : null,
            SignedBy = _staged.Verified?.SignedBy,
            Sequence = _staged.Verified?.Sequence,
        });
        var command = LaunchCommand.Find(_staged!.Directory, request.Command ?? _options.Command);
        var processes = ProcessTypes.Find(_staged.Directory, _options.Commands);
        _release = _store.Commit(_staged, app.Name, number, request.Label ?? _staged.Label, command, _options.Env, request.By, processes);
    }

    private void Start()
    {
        var generation = services.Generations.Next(app.Name);
        _journal.Write(DeploymentState.Starting, _release!.Number, before => before.WithGeneration(generation));
        _candidate = new LiveRelease(_release!, generation, _time);
        app.Add(_candidate);
        deployment.Concerns(_release!);
        var instances = _state.Current.App(app.Name).Wanted(ProcessTypes.Web, _options.Instances);
        deployment.Advance(DeploymentState.Starting, told => told with { Workers = instances, Command = _release.Command.Line });
        _start = NewStart(_options);
        for (var i = 0; i < instances; i++)
        {
            _start.Launch();
        }
    }

    private async Task<DeploymentFailure?> ProbeAsync(CancellationToken cancel)
    {
        var candidate = _candidate!;
        _journal.Write(DeploymentState.Probing, candidate.Release.Number);
        deployment.Concerns(candidate.Release);
        deployment.Advance(DeploymentState.Probing, told => told with { Workers = candidate.Workers.Length });
        var start = _start ??= NewStart(_options with { Health = _options.Health.ForRunning() });
        var readiness = new List<TimeSpan>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        DeploymentFailure? first = null;
        await Task.WhenAll(candidate.Workers.Select(async worker =>
        {
            try
            {
                if (await start.ProbeAsync(worker, NoteReady, enough.Token) is { } failure
                    && Interlocked.CompareExchange(ref first, failure, null) is null)
                {
                    // One bad worker decides: the others need not be waited for.
                    await enough.CancelAsync();
                }
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
            }
        }));
        _readyAfter = readiness.DefaultIfEmpty().Max();
        return first ?? await services.Roles.Of(app).PrepareAsync(candidate, cancel);

        void NoteReady(TimeSpan after)
        {
            lock (readiness)
            {
                readiness.Add(after);
            }
        }
    }

    /// <summary>The workers that were kept running do not serve any more: a rollback has fresh ones instead.</summary>
    private void GiveUpWarm(DeploymentFailure failure)
    {
        logger.LogWarning("The workers of {App} release {Release} that were kept running do not serve: {Reason}; starting others",
            app.Name, _candidate!.Release.Number, failure.Reason);
        _candidate.Become(ReleaseRole.Retired);
        _candidate.FollowRetirement(_retirement.StopWorkersAsync(app, _candidate));
        (_candidate, _start) = (null, null);
    }

    /// <summary>What must run once is handed over before requests are: where that fails, nothing has moved.</summary>
    private async Task<DeploymentFailure?> HandOverAsync(CancellationToken cancel)
    {
        if (app.Options.Roles is null)
        {
            return null;
        }

        _journal.Write(DeploymentState.HandingOver, _candidate!.Release.Number);
        deployment.Advance(DeploymentState.HandingOver);
        // Nothing stands between a release that fails its probation and the one that is known to serve.
        return await services.Roles.Of(app).HandOverAsync(_candidate, mayKill: plan.Request.Trigger == DeploymentTrigger.Probation, cancel);
    }

    private DeploymentFailure? Switch()
    {
        var candidate = _candidate!;
        if (candidate.Workers.FirstOrDefault(worker => worker.Process.Exited.IsCompleted) is { } dead)
        {
            return CandidateStart.EndedBeforeTheSwitch(dead.Process);
        }

        _replaced = app.Active;
        deployment.Replaced = _replaced?.Release.Number;
        var probation = NewProbation(candidate);
        _journal.WriteSwitch(candidate, probation, _mark);
        app.Probation?.Supersede();
        app.Probation = _probation = probation;
        app.Rotation.SwitchTo(candidate);
        _switchedAfter = deployment.Elapsed;
        if (_replaced is not null && !_replaced.TryBeginRetirement(out _reclaimed))
        {
            // The front is stopping and retires it already; it will find this candidate next.
            _replaced = null;
        }

        candidate.Become(ReleaseRole.Active);
        // Workers that were kept running for a rollback are as many as they were.
        services.Supervisor.Keep(app, candidate, _state.Current.App(app.Name).Wanted(ProcessTypes.Web, candidate.Workers.Length));
        services.Processes.Of(app).Follow(candidate);
        services.Roles.Of(app).SwitchedTo(candidate, _replaced);
        _journal.MarkActive(candidate.Release.Number);
        logger.LogInformation(
            "Switched {App} to release {Release} ({Label}) by {Kind} after {ElapsedMs} ms, its workers ready after {ReadyMs} ms: {Workers}; replaced {Replaced}",
            app.Name, candidate.Release.Number, candidate.Release.Label, plan.Request.Kind, (long)_switchedAfter.TotalMilliseconds,
            (long)_readyAfter.TotalMilliseconds, candidate.Workers.Select(worker => $"{worker.Process.Id} pid {worker.Process.Pid}"),
            _replaced?.Release.Number);
        return null;
    }

    /// <summary>Only what is new has to prove itself, and only where there is something to go back to that serves.</summary>
    private Probation? NewProbation(LiveRelease candidate) =>
        plan.Request is DeploymentRequest.Deploy && _options.Probation > TimeSpan.Zero
        && _replaced is not null && _replaced.Workers.Any(worker => worker.Process.State == WorkerState.Healthy)
            ? new Probation(candidate, _time.GetUtcNow() + _options.Probation, _replaced.Release.Number, _replaced.Generation, _time)
            : null;

    private async Task DiscardAsync(DeploymentFailure failure)
    {
        var step = Deployment.NameOf(deployment.State);
        _staged?.Dispose();
        DrainResult? drained = null;
        if (_candidate is { } candidate)
        {
            var hadRequests = app.Rotation.Withdraw(candidate);
            candidate.Become(ReleaseRole.Retired);
            var result = await _retirement.DiscardAsync(app, candidate);
            drained = hadRequests ? result : null;
            services.Roles.Of(app).ReturnTo(app.Active);
        }

        if (_release is { } release && plan.Stored is null)
        {
            _store.Delete(app.Name, release.Number);
        }

        logger.LogError("The {Kind} of {App} failed at {Step}: {Reason}; {Output}", plan.Request.Kind, app.Name, step, failure.Reason,
            failure.Output is { Count: > 0 } output ? $"the last output: {string.Join(" | ", output)}" : "no output");
        _journal.TryWriteEnd(_mark is null ? null : _mark with { Outcome = SourceMark.Failed });
        var stillActive = app.Active?.Release.Number;
        _failed = told => told with
        {
            Step = step,
            Reason = failure.Reason,
            StillActive = stillActive,
            ExitCode = failure.ExitCode,
            Output = failure.Output,
            Drained = drained?.Drained,
            Cut = drained?.Cut,
        };
    }

    private DeploymentFailure OutOfTime(TimeSpan limit) => (deployment.State == DeploymentState.Probing ? _start?.OutOfTime(limit) : null)
        ?? new DeploymentFailure(
            $"it had not switched within {limit.TotalSeconds:0.###} s (--timeout); it was still at {Deployment.NameOf(deployment.State)}", Output: _phase?.CutOff);

    /// <param name="options">How its workers are started and checked.</param>
    private CandidateStart NewStart(AppOptions options) => new(app, options, _candidate!, services.Factory, services.Journal, logger, _time);
}
