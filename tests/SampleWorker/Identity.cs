using System.Globalization;

namespace BlueGreen.SampleWorker;

/// <summary>Who this worker is, and the header fields that say so on every answer.</summary>
internal sealed class Identity(Behaviour behaviour)
{
    public string Release { get; } = Variable("BLUEGREEN_RELEASE");

    public string Label { get; } = behaviour.Label ?? Variable("BLUEGREEN_LABEL");

    public string Worker { get; } = Variable("BLUEGREEN_WORKER");

    public string Pid { get; } = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Puts the identity on an answer, before anything else is written to it.</summary>
    public Task SignAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers["X-Release"] = Release;
        headers["X-Label"] = Label;
        headers["X-Worker"] = Worker;
        headers["X-Pid"] = Pid;
        return next(context);
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
