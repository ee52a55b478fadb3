using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments.Audit;
using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>Passes on what becomes of deployments: to the audit log, to the hooks that cannot change it, and to who listens outside.</summary>
/// <param name="audit">Has a record of each that has ended.</param>
/// <param name="hooks">Run after a switch and a failure.</param>
/// <param name="state">Remembers what is not recorded yet.</param>
/// <param name="publish">Given each event; returns at once.</param>
/// <param name="stop">Ends hooks that run.</param>
/// <param name="logger">Told what cannot be started.</param>
/// <param name="time">The clock.</param>
internal sealed class DeploymentWitness(
    AuditLog audit, HookRunner hooks, StateFile state, Action<DeploymentEvent> publish, StopTokens stop, ILogger<DeploymentWitness> logger,
    TimeProvider time)
{
    /// <summary>More than can have been under way at the end of a front.</summary>
    private const int LastRecords = 100;

    /// <summary>Records one that has ended, before anybody hears of its end.</summary>
    public void Record(Deployment deployment, IReadOnlyList<DeploymentEvent> events)
    {
        try
        {
            audit.Add(DeploymentRecords.Of(deployment, events));
            state.TryUpdate(deployment.App, before => before.Unrecorded.Any(one => one.Id == deployment.Id)
                ? before with { Unrecorded = before.Unrecorded.RemoveAll(one => one.Id == deployment.Id) }
                : before);
        }
        catch (Exception e)
        {
            // A bug of ours must not keep the end of a deployment from those who wait for it.
            logger.LogError(e, "The {Kind} of {App} (id {Id}) is not recorded: unexpected error", deployment.Request.Kind, deployment.App, deployment.Id);
        }
    }

    /// <summary>Records those whose front ended before they had.</summary>
    /// <param name="app">The app.</param>
    /// <param name="known">What that front wrote down of it.</param>
    public void RecordInterrupted(string app, AppState known)
    {
        JournaledDeployment[] cut = [.. known.Unrecorded, .. known.Deployment is { } begun ? [begun] : Array.Empty<JournaledDeployment>()];
        var recorded = cut.Length == 0 ? [] : Recorded(app);
        foreach (var record in cut.Select(one => DeploymentRecords.Of(app, one, time.GetUtcNow())).OfType<DeploymentRecord>())
        {
            if (!recorded.Contains(record.Id))
            {
                audit.Add(record);
            }
        }
    }

    /// <summary>Tells of a deployment from its beginning to its end. Completes when the hooks have ended, too.</summary>
    public async Task FollowAsync(App app, Deployment deployment)
    {
        var hook = Task.CompletedTask;
        await foreach (var told in deployment.ReadEventsAsync())
        {
            // A rollback by itself is told of where it is made, since it can come long after the end of the deployment. How far a download
            // is, several times a second, is for those who watch; so is what a release phase prints.
            if (told.Event == "rolledback" || told.Bytes is not null || (told.Event == "releasing" && told.Output is not null))
            {
                continue;
            }

            var whole = deployment.Whole(told);
            publish(whole);
            hook = told.Event switch
            {
                "switched" => RunAsync(app, Hook.After, app.Options.Hooks.After, whole),
                "failed" => RunAsync(app, Hook.Failed, app.Options.Hooks.Failed, whole),
                _ => hook,
            };
        }

        await hook;
    }

    /// <summary>Tells that a release was rolled back by itself.</summary>
    /// <param name="app">The app.</param>
    /// <param name="release">The release that failed its probation.</param>
    /// <param name="fallback">The one that serves again.</param>
    /// <param name="failure">Why.</param>
    public Task RolledBackAsync(App app, Release release, int fallback, DeploymentFailure failure)
    {
        var now = time.GetUtcNow();
        var told = new DeploymentEvent
        {
            Event = Deployment.NameOf(DeploymentState.RolledBack),
            App = app.Name,
            Kind = "deploy",
            Release = release.Number,
            Label = release.Label,
            At = now,
            ElapsedMs = (long)(now - release.CreatedAt).TotalMilliseconds,
            Source = release.Source,
            Digest = release.Digest,
            Reason = failure.Reason,
            StillActive = fallback,
            ExitCode = failure.ExitCode,
            Output = failure.Output,
            By = release.By is { } by ? new ActorReport(by.Uid, by.User) : null,
        };
        publish(told);
        return RunAsync(app, Hook.Failed, app.Options.Hooks.Failed, told);
    }

    /// <summary>The front may have ended between a record and the note that there is one. Twice is better than never.</summary>
    private HashSet<string> Recorded(string app)
    {
        try
        {
            return [.. audit.Last(LastRecords, app).Select(record => record.Id)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The history of {App} cannot be read: {Reason}", app, e.Message);
            return [];
        }
    }

    private async Task RunAsync(App app, string hook, string? command, DeploymentEvent told)
    {
        if (command is null)
        {
            return;
        }

        try
        {
            await hooks.RunAsync(app.Name, app.Options.Hooks, hook, command, told, stop.Hurry);
        }
        catch (OperationCanceledException) when (stop.Hurry.IsCancellationRequested)
        {
            // The front is to end at once.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            logger.LogError("Hook {Hook} of {App} cannot be run: {Reason}", hook, app.Name, e.Message);
        }
    }
}
