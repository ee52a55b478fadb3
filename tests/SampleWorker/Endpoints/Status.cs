using System.Globalization;

namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>/status/CODE: answers with that status, with a body where one is allowed.</summary>
internal static class Status
{
    public static Task HandleAsync(HttpContext context)
    {
        var code = int.Parse((string)context.Request.RouteValues["code"]!, CultureInfo.InvariantCulture);
        context.Response.StatusCode = code;
        return code is 204 or 205 or 304 ? Task.CompletedTask : context.Response.WriteAsync($"status {code}\n");
    }
}
