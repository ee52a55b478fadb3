using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Watching;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BlueGreen.Agent.Control;

/// <summary>What can be asked over the control socket. Every route is on this screen.</summary>
internal sealed class ControlEndpoints(
    FrontActions front, AppRegistry apps, DeploymentCoordinator coordinator, SourceWatches sources, ReleaseStore store, StateFile state, StateDirectory directory, TimeProvider time)
{
    /// <summary>The media type of the event streams: one JSON object a line.</summary>
    public const string EventLines = "application/x-ndjson";

    /// <summary>1000 h, the longest duration there is anywhere.</summary>
    private const long MaxTimeoutMs = 3_600_000_000;

    private const int MaxLines = 100_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/status", () => Reply.Json(front.Status()))
            .WithSummary("The front, its apps, their live releases and workers.").Produces<StatusReport>();
        routes.MapPost("/v1/reload", () => Reply.Json(front.Reload()))
            .WithSummary("Reads the configuration again and applies what can change at run time.").Produces<ReloadReport>();
        routes.MapPost("/v1/stop", Stop)
            .WithSummary("Stops accepting, drains, stops the workers and ends the front.").Produces<StopReport>(StatusCodes.Status202Accepted);

        var app = routes.MapGroup("/v1/apps/{app}");
        app.MapPost("/deployments", (string app, DeployOrder order, HttpContext context) => DeployAsync(app, order, context))
            .WithSummary("Deploys a release; answers with the deployment's events.").ProducesEvents().Produces<ErrorReport>(StatusCodes.Status400BadRequest);
        app.MapPost("/rollback", (string app, RollbackOrder order, HttpContext context) => BeginAsync(app, new DeploymentRequest.Rollback(order.Release), context))
            .WithSummary("Goes back to an earlier release; answers with the deployment's events.").ProducesEvents();
        app.MapPost("/restart", (string app, HttpContext context) => BeginAsync(app, new DeploymentRequest.Restart(), context))
            .WithSummary("Gives the active release fresh workers; answers with the deployment's events.").ProducesEvents();
        app.MapPost("/check", (string app, HttpContext context) => CheckAsync(app, context))
            .WithSummary("Looks at the source now, and deploys what is new there unless it is only to be said; answers when it serves or has failed.")
            .Produces<CheckReport>().Produces<ErrorReport>(StatusCodes.Status404NotFound).Produces<ErrorReport>(StatusCodes.Status409Conflict);
        app.MapGet("/releases", (string app) => Find(app, Releases))
            .WithSummary("The releases in the store, newest first.").Produces<IReadOnlyList<StoredReleaseReport>>().Produces<ErrorReport>(StatusCodes.Status404NotFound);
        app.MapGet("/logs", (string app, int? release, int? lines, bool? follow, HttpContext context) => LogsAsync(app, release, lines ?? 100, follow ?? false, context))
            .WithSummary("What the workers print, as text; release: default the active one; follow: go on until the client goes away.").Produces<string>(contentType: "text/plain");
    }

    private IResult Stop()
    {
        front.Stop();
        return Reply.Json(new StopReport(Environment.ProcessId), StatusCodes.Status202Accepted);
    }

    private Task DeployAsync(string name, DeployOrder order, HttpContext context)
    {
        if (order.TimeoutMs is < 1 or > MaxTimeoutMs)
        {
            return Reply.Error(StatusCodes.Status400BadRequest, $"timeoutMs must be from 1 to {MaxTimeoutMs}").ExecuteAsync(context);
        }

        if (!SourceAddress.TryParse(order.Source, Environment.CurrentDirectory, out var source, out var problem))
        {
            return Reply.Error(StatusCodes.Status400BadRequest, problem).ExecuteAsync(context);
        }

        TimeSpan? timeout = order.TimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
        return BeginAsync(name, new DeploymentRequest.Deploy(source, order.Label, order.Command) { Timeout = timeout }, context);
    }

    private Task BeginAsync(string name, DeploymentRequest request, HttpContext context)
    {
        if (apps.Find(name) is not { } app)
        {
            return Unknown(name).ExecuteAsync(context);
        }

        var (deployment, refusal) = coordinator.Begin(app, request);
        return deployment is null
            ? Reply.Error(StatusCodes.Status409Conflict, refusal!.Reason).ExecuteAsync(context)
            : Reply.EventsAsync(context, deployment.ReadEventsAsync(context.RequestAborted));
    }

    private async Task CheckAsync(string name, HttpContext context)
    {
        if (apps.Find(name) is not { } app)
        {
            await Unknown(name).ExecuteAsync(context);
            return;
        }

        try
        {
            var answer = await sources.Of(app).CheckAsync(context.RequestAborted) is { } look
                ? Reply.Json(new CheckReport(
                    name, look.Source.Shown, look.At, look.Result.ToString().ToLowerInvariant(), look.Detail, look.Label, look.Digest, look.Release))
                : Reply.Error(StatusCodes.Status409Conflict, $"{name} has no source: configure one, or deploy something first");
            await answer.ExecuteAsync(context);
        }
        catch (OperationCanceledException)
        {
            // Either the client is gone, or the front stops.
            await Reply.Error(StatusCodes.Status409Conflict, "the front is stopping").ExecuteAsync(context);
        }
    }

    private IResult Releases(App app)
    {
        var stored = store.List(app.Name);
        var target = RollbackTarget.Find(state.Current.App(app.Name), stored)?.Number;
        return Reply.Json<IReadOnlyList<StoredReleaseReport>>([.. stored.Reverse().Select(release => new StoredReleaseReport(
            release.Number, release.Label, release.Digest, release.Source, release.CreatedAt, release.SizeBytes, release.Command.Line,
            app.Live.LastOrDefault(live => live.Release.Number == release.Number)?.Role.ToString().ToLowerInvariant(),
            release.Number == target))]);
    }

    private async Task LogsAsync(string name, int? release, int lines, bool follow, HttpContext context)
    {
        if (apps.Find(name) is not { } app)
        {
            await Unknown(name).ExecuteAsync(context);
            return;
        }

        if (lines is < 0 or > MaxLines)
        {
            await Reply.Error(StatusCodes.Status400BadRequest, $"lines must be from 0 to {MaxLines}").ExecuteAsync(context);
            return;
        }

        var number = release ?? (follow ? null : state.Current.App(app.Name).Active);
        await Reply.LinesAsync(context, new WorkerLogReader(directory.LogsOf(app.Name), time).ReadAsync(number, lines, follow, context.RequestAborted));
    }

    private IResult Find(string name, Func<App, IResult> answer) => apps.Find(name) is { } app ? answer(app) : Unknown(name);

    private IResult Unknown(string name) => Reply.Error(
        StatusCodes.Status404NotFound, $"there is no app '{name}'; this front has: {string.Join(", ", apps.All.Select(app => app.Name))}");
}
