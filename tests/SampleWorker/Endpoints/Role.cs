using System.Text.Json;
using BlueGreen.SampleWorker.Jobs;

namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>POST /-/role: 204 once what the front says is done, 409 when it is out of date; no answer where it is deaf or mute.</summary>
internal sealed class Role(Leadership leadership, Behaviour behaviour)
{
    public async Task HandleAsync(HttpContext context)
    {
        var message = await JsonSerializer.DeserializeAsync<RoleMessage>(context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
        if (!message!.Is(behaviour.RoleDeafTo))
        {
            await Task.Delay(behaviour.RoleDelay);
            var isTaken = await leadership.TakeAsync(message);
            context.Response.StatusCode = isTaken ? StatusCodes.Status204NoContent : StatusCodes.Status409Conflict;
            if (!message.Is(behaviour.RoleMuteTo))
                return;
        }
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }
}
