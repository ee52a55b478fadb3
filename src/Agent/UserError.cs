namespace BlueGreen.Agent;

/// <summary>Something the user has to put right. The message is one line: what, where, what to do; no stack trace is shown.</summary>
/// <param name="message">The line.</param>
/// <param name="exitCode">What the program exits with. Default 2: usage or configuration.</param>
internal sealed class UserError(string message, int exitCode = 2) : Exception(message)
{
    /// <summary>What the program exits with.</summary>
    public int ExitCode { get; } = exitCode;
}
