namespace BlueGreen.Agent.Deployments;

/// <summary>Why a candidate was discarded.</summary>
/// <param name="Reason">One line for people.</param>
/// <param name="ExitCode">The worker's exit status, where one ended.</param>
/// <param name="Output">The last lines the worker printed, <see cref="OutputLines"/> at most.</param>
internal sealed record DeploymentFailure(string Reason, int? ExitCode = null, IReadOnlyList<string>? Output = null)
{
    /// <summary>Lines of a process's output that a report of its end shows.</summary>
    public const int OutputLines = 20;
}
