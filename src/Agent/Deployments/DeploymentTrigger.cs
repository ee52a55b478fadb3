namespace BlueGreen.Agent.Deployments;

/// <summary>What a deployment was begun by. The names, in lower case, are in the audit log.</summary>
internal enum DeploymentTrigger
{
    /// <summary>A command, over the control socket.</summary>
    Cli,

    /// <summary>The signal USR2.</summary>
    Usr2,

    /// <summary>The start of the front.</summary>
    Start,

    /// <summary>A reload that brought the app.</summary>
    Config,

    /// <summary>A change of the app's source.</summary>
    Watch,

    /// <summary>A release that failed its probation.</summary>
    Probation,
}
