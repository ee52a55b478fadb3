namespace BlueGreen.Agent.Deployments;

/// <summary>A command that is run once for a release.</summary>
internal sealed record CommandOptions
{
    /// <summary>The command line, in shell syntax.</summary>
    public string Command { get; init; } = "";

    /// <summary>How long it may take. Default 30 s; more than zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
