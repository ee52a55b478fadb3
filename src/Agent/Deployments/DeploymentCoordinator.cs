using System.Collections.Concurrent;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Begins deployments: one at a time per app until its switch. While the replaced release drains, the next one may begin.
/// </summary>
internal sealed class DeploymentCoordinator(
    ReleaseStore store,
    StateFile state,
    WorkerFactory factory,
    RetirementRunner retirement,
    StopTokens stop,
    ILogger<DeploymentCoordinator> logger,
    TimeProvider time)
{
    /// <summary>Signals this close together mean the same deployment.</summary>
    private static readonly TimeSpan Storm = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<App, DeploymentSlot> _slots = new();

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
            return (null, new Refusal($"another deployment of {app.Name} is running: {slot.Running?.Description ?? "about to begin"}"));
        }

        return BeginInSlot(app, request, slot);
    }

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

    /// <summary>Waits until no deployment of any app is on its way to a switch, nor drains.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_slots.Values.Select(slot => slot.IdleAsync()));

    /// <summary>The same for one app.</summary>
    public Task WhenIdleAsync(App app) => SlotOf(app).IdleAsync();

    private DeploymentSlot SlotOf(App app) => _slots.GetOrAdd(app, static _ => new DeploymentSlot());

    private (Deployment? Begun, Refusal? Refused) BeginInSlot(App app, DeploymentRequest request, DeploymentSlot slot)
    {
        var (plan, refusal) = PlanFor(app, request);
        if (plan is null)
        {
            slot.Leave();
            return (null, refusal);
        }

        var deployment = new Deployment(app.Name, request, time);
        slot.Running = deployment;
        slot.Follow(RunAsync(app, deployment, plan, slot));
        return (deployment, null);
    }

    private async Task RunAsync(App app, Deployment deployment, DeploymentPlan plan, DeploymentSlot slot)
    {
        // The caller goes on at once, to follow the events.
        await Task.Yield();
        var runner = new DeploymentRunner(app, deployment, plan, store, state, factory, retirement, logger, time);
        try
        {
            await runner.PromoteAsync(stop.Stopping);
        }
        finally
        {
            slot.Leave();
        }

        // Only now: whoever hears of the outcome may begin the next deployment at once.
        await runner.FinishAsync();
    }

    private (DeploymentPlan? Plan, Refusal? Refusal) PlanFor(App app, DeploymentRequest request)
    {
        var known = state.Current.App(app.Name);
        switch (request)
        {
            case DeploymentRequest.Rollback { Release: null }:
                return RollbackTarget.Find(known, store.List(app.Name)) is { } target
                    ? (BackTo(app, target, request), null)
                    : (null, new Refusal($"{app.Name} has no earlier release to roll back to"));
            case DeploymentRequest.Rollback { Release: { } number }:
                if (number == known.Active && app.Active is not null)
                {
                    return (null, new Refusal($"release {number} of {app.Name} is active already; 'bluegreen restart' gives it fresh workers"));
                }

                return store.Find(app.Name, number) is { } named
                    ? (BackTo(app, named, request), null)
                    : (null, new Refusal($"{app.Name} has no release {number}; it has {StoredNumbers(app)}"));
            case DeploymentRequest.Restart or DeploymentRequest.Start:
                if (known.Active is not { } active)
                {
                    return (null, new Refusal($"{app.Name} has no active release; deploy one first"));
                }

                return store.Find(app.Name, active) is { } current
                    ? (new DeploymentPlan(request, current), null)
                    : (null, new Refusal($"the active release {active} of {app.Name} is not in the store any more; deploy again"));
            default:
                return (new DeploymentPlan(request), null);
        }
    }

    /// <summary>Takes back the release's own workers where they still run.</summary>
    private static DeploymentPlan BackTo(App app, Release target, DeploymentRequest request) =>
        new(request, target, app.Live.LastOrDefault(live => live.Release.Number == target.Number && live.TryReclaim()));

    private string StoredNumbers(App app) =>
        store.List(app.Name) is { Count: > 0 } stored ? string.Join(", ", stored.Select(release => release.Number)) : "none";

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
            var begunAt = time.GetTimestamp();
            var last = state.Current.App(app.Name).LastDeploy;
            if ((app.Options.Source ?? last?.Source) is not { } source)
            {
                slot.Leave();
                logger.LogWarning("{App} has no source to deploy again: nothing was deployed yet, and none is configured", app.Name);
                continue;
            }

            var (begun, _) = BeginInSlot(app, new DeploymentRequest.Deploy(source, Label: null, last?.Source == source ? last.Command : null), slot);
            await foreach (var _ in begun!.ReadEventsAsync().TakeWhile(told => told.Event is not ("switched" or "failed")))
            {
            }

            // A deployment can be over before a storm of signals is: what still comes of it is one wish with what came before.
            var storm = Storm - time.GetElapsedTime(begunAt);
            if (storm > TimeSpan.Zero)
            {
                await Task.Delay(storm, time, stop.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
