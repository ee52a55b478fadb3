using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>What the configuration says of one process type. Every value has a default.</summary>
internal sealed record ProcessTypeOptions
{
    /// <summary>A type of which nothing is said.</summary>
    public static readonly ProcessTypeOptions Default = new();

    /// <summary>The command line, in shell syntax. Null: that of the release's Procfile.</summary>
    public string? Command { get; init; }

    /// <summary>
    /// Whether never more than one process of it lives, over switches too: the old one is seen to be gone before the new one is started.
    /// Default true. False: the new ones are started first.
    /// </summary>
    public bool Singleton { get; init; } = true;

    /// <summary>How many of it run. Default 1; from 0 to 100, of a singleton to 1.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Of the type <c>release</c>, which runs to its end: how long it may take. Default 10 min; more than zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Who its processes run as, and what each may use.</summary>
    public ProcessLimits Limits { get; init; } = ProcessLimits.None;
}
