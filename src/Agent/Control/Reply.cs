using System.Text;
using System.Text.Json;
using BlueGreen.Agent.Control.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BlueGreen.Agent.Control;

/// <summary>The forms of answer on the control socket.</summary>
internal static class Reply
{
    /// <summary>One JSON object.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) =>
        Results.Text(JsonSerializer.Serialize(value, typeof(T), ControlJson.Lines), "application/json", Encoding.UTF8, status);

    /// <summary>One line that says why not.</summary>
    public static IResult Error(int status, string reason) => Json(new ErrorReport(reason), status);

    /// <summary>Events, each a line, sent as they happen. That a reader goes away is no error.</summary>
    public static async Task EventsAsync<T>(HttpContext context, IAsyncEnumerable<T> events)
    {
        context.Response.ContentType = ControlEndpoints.EventLines;
        await LinesAsync(context, events.Select(told => JsonSerializer.Serialize(told, typeof(T), ControlJson.Lines)));
    }

    /// <summary>Lines of text, sent as they come.</summary>
    public static async Task LinesAsync(HttpContext context, IAsyncEnumerable<string> lines)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType ??= "text/plain; charset=utf-8";
        try
        {
            await context.Response.StartAsync(context.RequestAborted);
            await foreach (var line in lines)
            {
                await context.Response.WriteAsync(line + "\n", context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader went away.
        }
    }

    /// <summary>Describes the answers of a route that begins a deployment.</summary>
    public static RouteHandlerBuilder ProducesEvents(this RouteHandlerBuilder route) => route
        .Produces<DeploymentEvent>(contentType: ControlEndpoints.EventLines)
        .Produces<ErrorReport>(StatusCodes.Status404NotFound)
        .Produces<ErrorReport>(StatusCodes.Status409Conflict);
}
