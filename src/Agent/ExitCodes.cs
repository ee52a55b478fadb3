namespace BlueGreen.Agent;

/// <summary>What the program's exit code says. A promise: scripts test for these numbers.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The deployment failed; what served before still serves.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int Usage = 2;

    /// <summary>No front answers.</summary>
    public const int NoFront = 3;

    /// <summary>The front refused: another deployment runs, the release is unknown, ...</summary>
    public const int Refused = 4;

    /// <summary>It switched and was then rolled back.</summary>
    public const int RolledBack = 5;

    /// <summary>run-once: its <c>--timeout</c> was over, as timeout(1) has it.</summary>
    public const int TimedOut = 124;

    /// <summary>Interrupted by Ctrl-C, as shells count it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>run-once: whoever read its output has gone, as shells count it: 128 + SIGPIPE.</summary>
    public const int BrokenPipe = 141;
}
