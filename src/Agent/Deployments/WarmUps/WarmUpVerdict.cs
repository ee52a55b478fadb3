namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>How the warm-up of a worker ended.</summary>
internal abstract record WarmUpVerdict
{
    /// <summary>Its rounds, or its time, came to their end.</summary>
    public sealed record Warm(WarmUpFigures Figures) : WarmUpVerdict;

    /// <summary>A request that has to be answered well was not.</summary>
    /// <param name="What">Which and how, for people: "GET / was answered 500".</param>
    public sealed record Refused(string What) : WarmUpVerdict;

    /// <summary>The process ended.</summary>
    public sealed record Exited : WarmUpVerdict;
}
