namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>GET /healthz: 200, or what the behaviour says.</summary>
internal sealed class Healthz(Behaviour behaviour)
{
    private readonly int _status = behaviour.HealthStatus;

    public Task HandleAsync(HttpContext context)
    {
        var status = File.Exists(behaviour.UnhealthyWhile) ? StatusCodes.Status503ServiceUnavailable : _status;
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(status is >= 200 and < 300 ? "healthy\n" : "not healthy\n");
    }
}
