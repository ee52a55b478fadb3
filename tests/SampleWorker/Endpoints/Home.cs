namespace BlueGreen.SampleWorker.Endpoints;

/// <summary>GET /: who answers, in one line.</summary>
internal sealed class Home(Identity identity)
{
    private readonly string _text = $"{identity.Label} release {identity.Release} pid {identity.Pid}\n";

    public Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = _text.Length;
        return context.Response.WriteAsync(_text);
    }
}
