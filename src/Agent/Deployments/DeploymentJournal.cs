using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// What one deployment writes down, each step before it is acted on: a front that comes after this one discards what had not switched, and
/// finishes what had.
/// </summary>
internal sealed class DeploymentJournal(App app, Deployment deployment, DeploymentPlan plan, DeploymentServices services, ILogger logger)
{
    /// <summary>Writes down the step that is about to be taken.</summary>
    /// <param name="step">The step.</param>
    /// <param name="release">The release it is about; null until it has a number.</param>
    /// <param name="change">What else changes with it.</param>
    /// <exception cref="StateException">It could not be written.</exception>
    public void Write(DeploymentState step, int? release, Func<AppState, AppState>? change = null) => services.State.Update(
        app.Name, before => (change?.Invoke(before) ?? before) with
        {
            Deployment = Journaled(step, release),
            Workers = WorkerJournal.WorkersOf(app),
        });

    /// <summary>
    /// Writes down the process of the release phase, for the front after this one: it is found by its environment, unless it overwrites that,
    /// as programs do that change their title. So where this fails, the deployment goes on.
    /// </summary>
    public void TryWriteReleasePhase(ProcessIdentity process) => services.State.TryUpdate(app.Name, before => before.Deployment is { } running
        ? before with { Deployment = running with { ReleasePhase = new JournaledTask(process.Pid, process.StartTicks, process.BootId) } }
        : before);

    /// <summary>Writes down the switch that is about to be made: the point of no return.</summary>
    /// <param name="candidate">What is switched to.</param>
    /// <param name="probation">The probation that begins with it, if any.</param>
    /// <param name="mark">What it came from, where that is the app's own source.</param>
    /// <exception cref="StateException">It could not be written; then there is no switch.</exception>
    public void WriteSwitch(LiveRelease candidate, Probation? probation, SourceMark? mark) => services.State.Update(app.Name, before => before with
    {
        Active = candidate.Release.Number,
        ActiveGeneration = candidate.Generation,
        Probation = probation is null
            ? null
            : new JournaledProbation(candidate.Generation, probation.Until, probation.Fallback, probation.FallbackGeneration),
        History = RollbackTarget.HistoryAfter(before, candidate.Release.Number),
        HighestSequence = before.HighestSequence is { } highest && !(highest < candidate.Release.Verified?.Sequence)
            ? highest
            : candidate.Release.Verified?.Sequence,
        LastDeploy = plan.Request is DeploymentRequest.Deploy deploy ? new LastDeploy(deploy.From.Text, deploy.Command) : before.LastDeploy,
        Source = mark ?? before.Source,
        Deployment = null,
        Unrecorded = before.Unrecorded.Add(Journaled(DeploymentState.Switched, candidate.Release.Number)),
        Workers = WorkerJournal.WorkersOf(app),
    });

    /// <summary>Marks the active release in the store: for people, and for a front that finds no state.</summary>
    public void MarkActive(int release)
    {
        try
        {
            services.Store.MarkActive(app.Name, release);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("Cannot mark release {Release} of {App} as the active one in the store: {Reason}", release, app.Name, e.Message);
        }
    }

    /// <summary>Writes down that it has ended without a switch; where that fails, the next front discards what is gone already.</summary>
    /// <param name="mark">What it came from, where that is the app's own source and its content is to blame.</param>
    public void TryWriteEnd(SourceMark? mark) =>
        services.State.TryUpdate(app.Name, before => before with { Deployment = null, Source = mark ?? before.Source });

    private JournaledDeployment Journaled(DeploymentState step, int? release)
    {
        var known = deployment.Whole(Deployment.NameOf(step));
        return new JournaledDeployment(plan.Request.Kind, known.Event, release, deployment.StartedAt)
        {
            Id = deployment.Id,
            Trigger = known.Trigger,
            Uid = known.By?.Uid,
            User = known.By?.User,
            Source = known.Source,
            Digest = known.Digest,
            Label = known.Label,
            Replaced = known.Replaced,
        };
    }
}
