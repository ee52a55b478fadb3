using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.State;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Watching;

/// <summary>
/// Looks at the source of an app and sees to what is new there. New is another content than the source had when it was last made use of,
/// and than what serves. Used by one look at a time.
/// </summary>
internal sealed class SourceCheck(
    App app, SourceStager stager, AppDemands demands, StateFile state, DeploymentCoordinator coordinator, ILogger logger, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    private (SourceOptions Options, IRemoteSource? Remote)? _open;
    private int _refusals;

    /// <summary>How long a path has to stay as it is until what is there is taken for complete. Default 2 s, or the pause between looks.</summary>
    public static TimeSpan SettleTime(SourceOptions options) =>
        options.Every is { } every && every < TimeSpan.FromSeconds(2) ? every : TimeSpan.FromSeconds(2);

    /// <summary>Looks once.</summary>
    /// <param name="options">The source.</param>
    /// <param name="cause">Why.</param>
    /// <param name="cancel">Ends it soon; a deployment that has begun goes on.</param>
    public async Task<SourceLook> RunAsync(SourceOptions options, LookCause cause, CancellationToken cancel)
    {
        var mark = cause.IsOrder ? null : MarkOf(options);
        try
        {
            var look = options.Address.IsLocal
                ? await LookAtPathAsync(options, mark, cancel)
                : await stager.LookAsync(RemoteOf(options)!, mark?.Version, cancel) is null ? Unchanged(options, mark!) : null;
            look ??= await UseAsync(options, mark, cause, cancel);
            _refusals = 0;
            return look;
        }
        catch (SourceException e)
        {
            return Look(options, LookResult.Failed, e.Message) with { RetryAfter = e.RetryAfter };
        }
        catch (Exception e) when (e is ReleaseException or IOException or UnauthorizedAccessException)
        {
            return Look(options, LookResult.Failed, e.Message) with
            {
                RetryAfter = e.InnerException is SourceException source ? source.RetryAfter : PauseAfterRefusal(options),
            };
        }
    }

    /// <summary>What was fetched and is no release may become one, by a signature that comes late, but is not fetched every minute for that.</summary>
    private TimeSpan? PauseAfterRefusal(SourceOptions options)
    {
        if (options.Address.IsLocal || options.Every is not { } every || every >= LongestPause)
        {
            return null;
        }

        var pause = every * (1 << Math.Min(_refusals++, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <inheritdoc/>
    public void Dispose() => _open?.Remote?.Dispose();

    /// <summary>What is known of the source, as far as it decides what is new.</summary>
    private SourceMark? MarkOf(SourceOptions options) =>
        state.Current.App(app.Name).Source is { } mark && mark.Source == options.Address.Shown
        // It was only to be said then, and is to be deployed now.
        && !(mark.Outcome == SourceMark.Available && options.Deploy == NewContent.Auto)
            ? mark
            : null;

    private async Task<SourceLook?> LookAtPathAsync(SourceOptions options, SourceMark? mark, CancellationToken cancel)
    {
        var path = options.Address.Text;
        if (await Task.Run(() => PathFingerprint.Of(path), cancel) is not { } before)
        {
            return Look(options, LookResult.Failed, $"there is nothing at {path}");
        }

        if (before == mark?.Version)
        {
            return Unchanged(options, mark);
        }

        await Task.Delay(SettleTime(options), time, cancel);
        return await Task.Run(() => PathFingerprint.Of(path), cancel) == before
            ? null
            : Look(options, LookResult.Settling, "something is being written there; it is left alone until it stays as it is");
    }

    private async Task<SourceLook> UseAsync(SourceOptions options, SourceMark? mark, LookCause cause, CancellationToken cancel)
    {
        var wanted = demands.Of(app);
        var staged = RemoteOf(options) is { } remote
            ? await stager.StageAsync(app.Name, remote, options, wanted, _ => { }, cancel)
            : await stager.StageAsync(app.Name, options, wanted, _ => { }, cancel);
        var found = new SourceMark(options.Address.Shown, staged.Version, staged.Release.Digest, staged.Release.Label, SourceMark.Deployed);
        if (found.Digest == app.Active?.Release.Digest)
        {
            return Keep(options, staged, found);
        }

        if (found.Digest == mark?.Digest)
        {
            return Keep(options, staged, mark with { Version = found.Version });
        }

        if (!cause.IsOrder && options.Deploy == NewContent.Notify)
        {
            logger.LogInformation("{App}: {Source} has something new: {Label} ({Digest}); deploy it with 'bluegreen deploy'",
                app.Name, options.Address, found.Label, found.Digest);
            return Keep(options, staged, found with { Outcome = SourceMark.Available });
        }

        return await DeployAsync(options, staged, found, cause, cancel);
    }

    /// <summary>Writes down what the source has, and does nothing else with it.</summary>
    private SourceLook Keep(SourceOptions options, StagedSource staged, SourceMark mark)
    {
        staged.Release.Dispose();
        state.TryUpdate(app.Name, before => before.Source == mark ? before : before with { Source = mark });
        return Unchanged(options, mark);
    }

    private async Task<SourceLook> DeployAsync(
        SourceOptions options, StagedSource staged, SourceMark found, LookCause cause, CancellationToken cancel)
    {
        var last = state.Current.App(app.Name).LastDeploy;
        var request = new DeploymentRequest.Deploy(
            options.Address, Label: null, last?.Source == options.Address.Text ? last.Command : null)
        {
            Staged = staged,
            Trigger = cause.Trigger,
            By = cause.By,
        };
        Deployment? begun;
        try
        {
            begun = await coordinator.BeginWhenFreeAsync(app, request, () => app.Active?.Release.Digest != found.Digest, cancel);
        }
        catch
        {
            staged.Release.Dispose();
            throw;
        }

        if (begun is null)
        {
            return Keep(options, staged, found);
        }

        logger.LogInformation("{App}: {Source} has something new: {Label} ({Digest}); deploying it", app.Name, options.Address, found.Label, found.Digest);
        var end = await begun.ReadEventsAsync(cancel).FirstAsync(told => told.Event is "switched" or "failed", cancel);
        var look = end.Event == "switched"
            ? Look(options, LookResult.Deployed, $"{found.Label} is live as release {end.Release}")
            : Look(options, LookResult.Refused, $"the deployment of {found.Label} failed at {end.Step}: {end.Reason}");
        return look with { Label = found.Label, Digest = found.Digest, Release = end.Release };
    }

    private SourceLook Unchanged(SourceOptions options, SourceMark mark)
    {
        var look = mark.Digest == app.Active?.Release.Digest
            ? Look(options, LookResult.Unchanged, $"{mark.Label} serves already")
            : mark.Outcome switch
            {
                SourceMark.Available => Look(options, LookResult.Available, $"{mark.Label} is new; deploy it with 'bluegreen deploy {options.Address} --app {app.Name}'"),
                SourceMark.Failed => Look(options, LookResult.Unchanged, $"the deployment of {mark.Label} failed; it is not tried again until it changes"),
                _ => Look(options, LookResult.Unchanged, $"{mark.Label} has been deployed before"),
            };
        return look with { Label = mark.Label, Digest = mark.Digest };
    }

    private SourceLook Look(SourceOptions options, LookResult result, string detail) => new(options.Address, time.GetUtcNow(), result, detail);

    /// <summary>Stays open from look to look, for what it remembers of the last one.</summary>
    private IRemoteSource? RemoteOf(SourceOptions options)
    {
        if (_open?.Options != options)
        {
            _open?.Remote?.Dispose();
            _open = (options, RemoteSource.Open(options, time));
        }

        return _open.Value.Remote;
    }
}
