namespace BlueGreen.Agent.Deployments;

/// <summary>How a probation ended.</summary>
internal abstract record ProbationOutcome
{
    /// <summary>Its time is over and nothing happened.</summary>
    public sealed record Passed : ProbationOutcome;

    /// <summary>Another switch, or the end of the app, came before.</summary>
    public sealed record Superseded : ProbationOutcome;

    /// <summary>A worker crashed or failed its checks.</summary>
    /// <param name="Failure">What happened.</param>
    public sealed record Failed(DeploymentFailure Failure) : ProbationOutcome;
}
