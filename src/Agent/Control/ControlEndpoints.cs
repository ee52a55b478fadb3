using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Audit;
using BlueGreen.Agent.Deployments.OneOffs;
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
    FrontActions front,
    AppRegistry apps,
    DeploymentCoordinator coordinator,
    Scaling scaling,
    RunOnceRunner runOnce,
    Pruning pruning,
    SourceWatches sources,
    ReleaseStore store,
    StateFile state,
    AuditLog audit,
    StateDirectory directory,
    TimeProvider time)
{
    /// <summary>The media type of the event streams: one JSON object a line.</summary>
    public const string EventLines = "application/x-ndjson";

    /// <summary>1000 h, the longest duration there is anywhere.</summary>
    private const long MaxTimeoutMs = 3_600_000_000;

    private const int MaxLines = 100_000;

    private const int MaxKept = 1000;

    private readonly ReleaseReports _releases = new(store, state, audit);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/status", () => Reply.Json(front.Status()))
            .WithSummary("The front, its apps, their live releases and workers.").Produces<StatusReport>();
        routes.MapPost("/v1/reload", () => Reply.Json(front.Reload()))
            .WithSummary("Reads the configuration again and applies what can change at run time.").Produces<ReloadReport>();
        routes.MapPost("/v1/stop", Stop)
            .WithSummary("Stops accepting, drains, stops the workers and ends the front.").Produces<StopReport>(StatusCodes.Status202Accepted);
        routes.MapGet("/v1/history", (string? app, int? lines) => History(app, lines ?? 100))
            .WithSummary("The last deployments that have ended, of one app or all, oldest first.").Produces<IReadOnlyList<DeploymentRecord>>();

        var app = routes.MapGroup("/v1/apps/{app}");
        app.MapPost("/deployments", (string app, DeployOrder order, HttpContext context) => DeployAsync(app, order, context))
            .WithSummary("Deploys a release; answers with the deployment's events.").ProducesEvents().Produces<ErrorReport>(StatusCodes.Status400BadRequest);
        app.MapPost("/rollback", (string app, RollbackOrder order, HttpContext context) => BeginAsync(app, new DeploymentRequest.Rollback(order.Release) { By = PeerCredentials.Of(context), ReleasePhase = order.ReleasePhase }, context))
            .WithSummary("Goes back to an earlier release; answers with the deployment's events.").ProducesEvents();
        app.MapPost("/restart", (string app, HttpContext context) => BeginAsync(app, new DeploymentRequest.Restart { By = PeerCredentials.Of(context) }, context))
            .WithSummary("Gives the active release fresh workers; answers with the deployment's events.").ProducesEvents();
        app.MapPost("/run-once", (string app, RunOnceOrder order, HttpContext context) => RunOnceAsync(app, order, context))
            .WithSummary("Runs a process type, or any command, once from the active release; answers with what it prints and how it ends. Ended when the client goes away, unless detached.")
            .Produces<RunOnceEvent>(contentType: EventLines).Produces<ErrorReport>(StatusCodes.Status400BadRequest)
            .Produces<ErrorReport>(StatusCodes.Status404NotFound).Produces<ErrorReport>(StatusCodes.Status409Conflict);
        app.MapDelete("/run-once/{id}", (string app, string id) => Find(app, found => EndRunOnce(found, id)))
            .WithSummary("Ends what is run once: SIGTERM, the app's drain.stop, SIGKILL. Answers at once.")
            .Produces(StatusCodes.Status202Accepted).Produces<ErrorReport>(StatusCodes.Status404NotFound);
        app.MapPost("/check", (string app, HttpContext context) => CheckAsync(app, context))
            .WithSummary("Looks at the source now, and deploys what is new there unless it is only to be said; answers when it serves or has failed.")
            .Produces<CheckReport>().Produces<ErrorReport>(StatusCodes.Status404NotFound).Produces<ErrorReport>(StatusCodes.Status409Conflict);
        app.MapGet("/scale", (string app) => Find(app, found => Reply.Json(new ScaleReport(found.Name, scaling.Of(found)))))
            .WithSummary("How many processes of each type are to run.").Produces<ScaleReport>().Produces<ErrorReport>(StatusCodes.Status404NotFound);
        app.MapPost("/scale", (string app, ScaleOrder order) => Find(app, found => Scale(found, order)))
            .WithSummary("Changes how many processes of some types run; answers before they do.")
            .Produces<ScaleReport>().Produces<ErrorReport>(StatusCodes.Status404NotFound).Produces<ErrorReport>(StatusCodes.Status409Conflict);
        app.MapGet("/releases", (string app) => Find(app, found => Reply.Json(_releases.All(found))))
            .WithSummary("The releases in the store, newest first.").Produces<IReadOnlyList<StoredReleaseReport>>().Produces<ErrorReport>(StatusCodes.Status404NotFound);
        app.MapGet("/releases/{release}", (string app, int release) => Find(app, found => Release(found, release)))
            .WithSummary("All that is known of a release in the store.").Produces<ReleaseReport>().Produces<ErrorReport>(StatusCodes.Status404NotFound);
        app.MapPost("/releases/prune", (string app, PruneOrder order) => Find(app, found => Prune(found, order)))
            .WithSummary("Deletes old releases; never one that is live or that a rollback would go back to.")
            .Produces<PruneReport>().Produces<ErrorReport>(StatusCodes.Status404NotFound).Produces<ErrorReport>(StatusCodes.Status409Conflict);
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

        if (order.Sha256 is { } digest && !Sha256Text.IsValid(digest))
        {
            return Reply.Error(StatusCodes.Status400BadRequest, $"sha256 must be {Sha256Text.Rule}").ExecuteAsync(context);
        }

        if (!SourceAddress.TryParse(order.Source, Environment.CurrentDirectory, out var source, out var problem))
        {
            return Reply.Error(StatusCodes.Status400BadRequest, problem).ExecuteAsync(context);
        }

        TimeSpan? timeout = order.TimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
        return BeginAsync(name, new DeploymentRequest.Deploy(source, order.Label, order.Command)
        {
            Timeout = timeout,
            By = PeerCredentials.Of(context),
            Sha256 = order.Sha256?.ToLowerInvariant(),
        }, context);
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

    private async Task RunOnceAsync(string name, RunOnceOrder order, HttpContext context)
    {
        if (RunOnceProblem(order) is { } problem)
        {
            await Reply.Error(StatusCodes.Status400BadRequest, problem).ExecuteAsync(context);
            return;
        }

        if (apps.Find(name) is not { } app)
        {
            await Unknown(name).ExecuteAsync(context);
            return;
        }

        var (begun, refusal) = runOnce.Begin(app, new RunOnceRequest(order.Process, order.Arguments ?? [])
        {
            Timeout = order.TimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            By = PeerCredentials.Of(context),
        });
        if (begun is null)
        {
            await Reply.Error(StatusCodes.Status409Conflict, refusal!.Reason).ExecuteAsync(context);
            return;
        }

        try
        {
            await Reply.EventsAsync(context, order.Detach ? new[] { begun.Started }.ToAsyncEnumerable() : begun.ReadEventsAsync(context.RequestAborted));
        }
        finally
        {
            if (!order.Detach)
            {
                // Whoever asked for it has gone, or has heard of its end.
                begun.Stop(RunOnceEnd.Interrupted);
            }

            begun.Leave();
        }
    }

    private static string? RunOnceProblem(RunOnceOrder order) =>
        order.TimeoutMs is < 1 or > MaxTimeoutMs ? $"timeoutMs must be from 1 to {MaxTimeoutMs}"
        : order.Process is null && order.Arguments is not [{ Length: > 0 }, ..] ? "name a process type, or a program in arguments"
        : (order.Arguments ?? []).Any(argument => argument?.Contains('\0', StringComparison.Ordinal) ?? true) ? "arguments are texts without zero bytes"
        : null;

    private static IResult EndRunOnce(App app, string id)
    {
        if (app.RunOnce.FirstOrDefault(command => command.Id == id && !command.Ended.IsCompleted) is not { } running)
        {
            return Reply.Error(StatusCodes.Status404NotFound, $"nothing of {app.Name} runs once as {id}; 'bluegreen status' shows what does");
        }

        running.Stop(RunOnceEnd.Interrupted);
        return Results.StatusCode(StatusCodes.Status202Accepted);
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
            var answer = await sources.Of(app).CheckAsync(PeerCredentials.Of(context), context.RequestAborted) is { } look
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

    private IResult Release(App app, int number) => _releases.One(app, number) is { } report
        ? Reply.Json(report)
        : Reply.Error(
            StatusCodes.Status404NotFound,
            $"{app.Name} has no release {number} in its store; it has {coordinator.StoredNumbers(app)}; 'bluegreen history' shows what became of others");

    private IResult Prune(App app, PruneOrder order)
    {
        if (order.Keep is < 1 or > MaxKept)
        {
            return Reply.Error(StatusCodes.Status400BadRequest, $"keep must be from 1 to {MaxKept}");
        }

        IReadOnlyList<int> pruned = [];
        var refused = coordinator.TryBetweenDeployments(app, () => pruned = pruning.Prune(app, order.Keep ?? app.Options.Keep.Releases));
        return refused is not null
            ? Reply.Error(StatusCodes.Status409Conflict, refused.Reason)
            : Reply.Json(new PruneReport(pruned, [.. store.List(app.Name).Select(release => release.Number)]));
    }

    private IResult Scale(App app, ScaleOrder order)
    {
        try
        {
            return scaling.Scale(app, order.Types) is { } refused
                ? Reply.Error(StatusCodes.Status409Conflict, refused.Reason)
                : Reply.Json(new ScaleReport(app.Name, scaling.Of(app)));
        }
        catch (StateException e)
        {
            return Reply.Error(StatusCodes.Status500InternalServerError, e.Message);
        }
    }

    private IResult History(string? app, int lines)
    {
        if (lines is < 1 or > MaxLines)
        {
            return Reply.Error(StatusCodes.Status400BadRequest, $"lines must be from 1 to {MaxLines}");
        }

        try
        {
            return Reply.Json(audit.Last(lines, app));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Reply.Error(StatusCodes.Status500InternalServerError, $"{directory.Audit} cannot be read: {e.Message}");
        }
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
