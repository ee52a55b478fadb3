using System.Collections.Concurrent;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Begins deployments: one at a time per app until its switch. While the replaced release drains, the next one may begin.
/// </summary>
internal sealed class DeploymentCoordinator(DeploymentServices services, StopTokens stop, ILogger<DeploymentCoordinator> logger)
{
    /// <summary>Signals this close together mean the same deployment.</summary>
    private static readonly TimeSpan Storm = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<App, DeploymentSlot> _slots = new();
    private readonly DeploymentSlot _ofNoApp = new();

    /// <summary>The deployment of an app that has not switched yet, if any.</summary>
    public Deployment? Running(App app) => SlotOf(app).Running;

    /// <summary>Begins a deployment, or says why not.</summary>
    /// <returns>Exactly one of the two.</returns>
    public (Deployment? Begun, Refusal? Refused) Begin(App app, DeploymentRequest request)
    {
        var slot = SlotOf(app);
        if (stop.Stopping.IsCancellationRequested)
        {
            return (null, new Refusal("the front is stopping"));
        }

        if (!slot.TryEnter())
        {
            return (null, Busy(app, slot));
        }

        return BeginInSlot(app, request, slot);
    }

    /// <summary>Does something while no deployment of the app is on its way to a switch, or says why not.</summary>
    /// <param name="app">The app.</param>
    /// <param name="act">What is done, at once.</param>
    public Refusal? TryBetweenDeployments(App app, Action act)
    {
        var slot = SlotOf(app);
        if (!slot.TryEnter())
        {
            return Busy(app, slot);
        }

        try
        {
            act();
            return null;
        }
        finally
        {
            slot.Leave();
        }
    }

    /// <summary>Begins a deployment as soon as the app is free.</summary>
    /// <param name="app">The app.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="isWanted">Asked when the app is free.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Null: it is not wanted any more.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled, or the front stops.</exception>
    public async Task<Deployment?> BeginWhenFreeAsync(App app, DeploymentRequest.Deploy request, Func<bool> isWanted, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Stopping, cancel);
        var slot = SlotOf(app);
        await slot.EnterAsync(either.Token);
        if (!isWanted())
        {
            slot.Leave();
            return null;
        }

        return BeginInSlot(app, request, slot).Begun;
    }

    /// <summary>Where an app's releases come from: the configured source, else what was deployed last; null: nowhere yet.</summary>
    public SourceAddress? SourceOf(App app) => app.Options.Source?.Address
        ?? (services.State.Current.App(app.Name).LastDeploy is { } last && SourceAddress.TryParse(last.Source, "/", out var address, out _) ? address : null);

    /// <summary>
    /// Deploys an app again from its source as soon as it is free. Calls that come meanwhile add up to one more deployment.
    /// </summary>
    public void Redeploy(App app)
    {
        var slot = SlotOf(app);
        if (slot.WantRedeploy())
        {
            slot.Follow(RedeployWhileWantedAsync(app, slot));
        }
    }

    /// <summary>Sees to what comes of a probation: an automatic rollback where it fails.</summary>
    public void Follow(App app, Probation probation) => SlotOf(app).Follow(FollowAsync(app, probation));

    /// <summary>Remembers work of an app until it has ended.</summary>
    public void Follow(App app, Task task) => SlotOf(app).Follow(task);

    /// <summary>Remembers work of no particular app until it has ended.</summary>
    public void Follow(Task task) => _ofNoApp.Follow(task);

    /// <summary>Waits until no deployment of any app is on its way to a switch, nor drains.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_slots.Values.Append(_ofNoApp).Select(slot => slot.IdleAsync()));

    /// <summary>The same for one app.</summary>
    public Task WhenIdleAsync(App app) => SlotOf(app).IdleAsync();

    private static Refusal Busy(App app, DeploymentSlot slot) =>
        new($"another deployment of {app.Name} is running: {slot.Running?.Description ?? "about to begin"}");

    private DeploymentSlot SlotOf(App app) => _slots.GetOrAdd(app, static _ => new DeploymentSlot());

    private (Deployment? Begun, Refusal? Refused) BeginInSlot(App app, DeploymentRequest request, DeploymentSlot slot)
    {
        var (plan, refusal) = PlanFor(app, request);
        if (plan is null)
        {
            slot.Leave();
            return (null, refusal);
        }

        var deployment = new Deployment(app.Name, request, services.Time) { Ending = services.Witness.Record };
        slot.Running = deployment;
        app.Wanted = plan.Stored?.Number;
        // Not of the app: its end does not wait for hooks, that of the front does.
        Follow(services.Witness.FollowAsync(app, deployment));
        slot.Follow(RunAsync(app, deployment, plan, slot));
        return (deployment, null);
    }

    private async Task RunAsync(App app, Deployment deployment, DeploymentPlan plan, DeploymentSlot slot)
    {
        // The caller goes on at once, to follow the events.
        await Task.Yield();
        var runner = new DeploymentRunner(app, deployment, plan, services, logger);
        try
        {
            await runner.PromoteAsync(stop.Stopping);
            if (runner.Probation is { } probation)
            {
                Follow(app, probation);
            }
        }
        finally
        {
            app.Wanted = null;
            slot.Leave();
        }

        // Only now: whoever hears of the outcome may begin the next deployment at once.
        await runner.FinishAsync();
    }

    private (DeploymentPlan? Plan, Refusal? Refusal) PlanFor(App app, DeploymentRequest request)
    {
        var known = services.State.Current.App(app.Name);
        switch (request)
        {
            case DeploymentRequest.Rollback { Release: null }:
                return RollbackTarget.Find(known, services.Store.List(app.Name)) is { } target
                    ? BackTo(app, target, request)
                    : (null, new Refusal($"{app.Name} has no earlier release to roll back to"));
            case DeploymentRequest.Rollback { Release: { } number }:
                if (number == known.Active && app.Active is not null)
                {
                    return (null, new Refusal($"release {number} of {app.Name} is active already; 'bluegreen restart' gives it fresh workers"));
                }

                return services.Store.Find(app.Name, number) is { } named
                    ? BackTo(app, named, request)
                    : (null, new Refusal($"{app.Name} has no release {number}; it has {StoredNumbers(app)}"));
            case DeploymentRequest.Restart:
                if (known.Active is not { } active)
                {
                    return (null, new Refusal($"{app.Name} has no active release; deploy one first"));
                }

                return services.Store.Find(app.Name, active) is { } current
                    ? (new DeploymentPlan(request, current), null)
                    : (null, new Refusal($"the active release {active} of {app.Name} is not in the store any more; deploy again"));
            default:
                return (new DeploymentPlan(request), null);
        }
    }

    /// <summary>Takes back the release's own workers where they still run.</summary>
    private static (DeploymentPlan? Plan, Refusal? Refused) BackTo(App app, Release target, DeploymentRequest request) =>
        request is DeploymentRequest.Rollback { ReleasePhase: true } && !target.Processes.ContainsKey(ProcessTypes.Release)
            ? (null, new Refusal($"release {target.Number} of {app.Name} has no release phase"))
            : (new DeploymentPlan(request, target, app.Live.LastOrDefault(live => live.Release.Number == target.Number && live.TryReclaim())), null);

    /// <summary>For people: the numbers of an app's stored releases.</summary>
    public string StoredNumbers(App app) =>
        services.Store.List(app.Name) is { Count: > 0 } stored ? string.Join(", ", stored.Select(release => release.Number)) : "none";

    private async Task RedeployWhileWantedAsync(App app, DeploymentSlot slot)
    {
        while (slot.RedeployWanted())
        {
            try
            {
                await slot.EnterAsync(stop.Stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            slot.TakeRedeploy();
            var begunAt = services.Time.GetTimestamp();
            var last = services.State.Current.App(app.Name).LastDeploy;
            if (SourceOf(app) is not { } source)
            {
                slot.Leave();
                logger.LogWarning("{App} has no source to deploy again: nothing was deployed yet, and none is configured", app.Name);
                continue;
            }

            var request = new DeploymentRequest.Deploy(source, Label: null, last?.Source == source.Text ? last.Command : null)
            {
                Trigger = DeploymentTrigger.Usr2,
            };
            var (begun, _) = BeginInSlot(app, request, slot);
            await foreach (var _ in begun!.ReadEventsAsync().TakeWhile(told => told.Event is not ("switched" or "failed")))
            {
            }

            // A deployment can be over before a storm of signals is: what still comes of it is one wish with what came before.
            var storm = Storm - services.Time.GetElapsedTime(begunAt);
            if (storm > TimeSpan.Zero)
            {
                await Task.Delay(storm, services.Time, stop.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(App app, Probation probation)
    {
        await ((Task)probation.Outcome).WaitAsync(stop.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        switch (probation.Outcome is { IsCompleted: true } ended ? await ended : null)
        {
            case ProbationOutcome.Passed:
                logger.LogInformation("{App} release {Release} has passed its probation", app.Name, probation.Live.Release.Number);
                ForgetProbation(app, probation);
                break;
            case ProbationOutcome.Failed failed:
                await AnswerAsync(app, probation, failed.Failure);
                break;
            default:
                break;
        }
    }

    private async Task AnswerAsync(App app, Probation probation, DeploymentFailure failure)
    {
        var rolledBack = false;
        try
        {
            rolledBack = await RollBackAsync(app, probation, failure);
        }
        finally
        {
            // Whatever happens: a deploy command may wait for it.
            probation.Answer(rolledBack);
        }
    }

    /// <returns>True when the app is back at the release before.</returns>
    private async Task<bool> RollBackAsync(App app, Probation probation, DeploymentFailure failure)
    {
        logger.LogError("{App} release {Release} failed its probation: {Reason}; rolling back to release {Fallback}",
            app.Name, probation.Live.Release.Number, failure.Reason, probation.Fallback);
        var slot = SlotOf(app);
        try
        {
            // Another deployment may be on its way: where it switches, there is nothing left to roll back.
            await slot.EnterAsync(stop.Stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (app.Active != probation.Live)
        {
            slot.Leave();
            return false;
        }

        var request = new DeploymentRequest.Rollback(probation.Fallback) { Cause = failure.Reason, Trigger = DeploymentTrigger.Probation };
        var (begun, refused) = BeginInSlot(app, request, slot);
        if (begun is not null && await begun.ReadEventsAsync().AnyAsync(told => told.Event == "switched"))
        {
            logger.LogWarning("{App} is rolled back to release {Fallback}", app.Name, probation.Fallback);
            Follow(services.Witness.RolledBackAsync(app, probation.Live.Release, probation.Fallback, failure));
            return true;
        }

        logger.LogError("{App} cannot be rolled back to release {Fallback}: {Reason}; release {Release} stays, its workers are started again",
            app.Name, probation.Fallback, refused?.Reason ?? "see above", probation.Live.Release.Number);
        ForgetProbation(app, probation);
        return false;
    }

    private void ForgetProbation(App app, Probation probation) => services.State.TryUpdate(
        app.Name, before => before.Probation?.Generation == probation.Live.Generation ? before with { Probation = null } : before);
}
