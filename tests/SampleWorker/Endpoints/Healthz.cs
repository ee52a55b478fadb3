namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>GET /healthz: 200, or what the behaviour says.</summary>
internal sealed class Healthz(Behaviour behaviour)
{
    private readonly int _status = behaviour.HealthStatus;

    public Task HandleAsync(HttpContext context)
    {
        context.Response.StatusCode = _status;
        return context.Response.WriteAsync(_status is >= 200 and < 300 ? "healthy\n" : "not healthy\n");
    }
}
