using System.Text.Json;

namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>
/// /headers: the request as it arrived, as JSON: method, path, query, protocol, remote and headers (each name with an array of values).
/// </summary>
internal static class RequestHeaders
{
    public static Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            method = request.Method,
            path = request.Path.Value,
            query = request.QueryString.Value,
            protocol = request.Protocol,
            remote = context.Connection.RemoteIpAddress?.ToString(),
            headers = request.Headers.ToDictionary(field => field.Key, field => field.Value.ToArray()),
        }));
    }
}
