namespace BlueGreen.Agent.Deployments.Hooks;

/// <summary>Commands of the operator's that are run when something becomes of a deployment. Null: none.</summary>
internal sealed record HookOptions
{
    /// <summary>Before the workers of a release are started; another exit status than 0 ends the deployment.</summary>
    public string? Before { get; init; }

    /// <summary>After the switch.</summary>
    public string? After { get; init; }

    /// <summary>After a failure, or a rollback by itself.</summary>
    public string? Failed { get; init; }

    /// <summary>How long each may take. Default 30 s; more than zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Their working folder: the configuration file's. Not a key of its own.</summary>
    public string Directory { get; init; } = "/";

    /// <summary>There is none.</summary>
    public bool IsEmpty => (Before, After, Failed) is (null, null, null);

    /// <summary>How long hooks may go on after the last deployment; zero where there are none.</summary>
    public TimeSpan Longest => After is null && Failed is null ? TimeSpan.Zero : Timeout;
}
