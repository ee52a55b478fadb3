namespace BlueGreen.Agent.State;

/// <summary>What a deploy was asked for, so that USR2 can ask for it again.</summary>
/// <param name="Source">An absolute path, or a URL; may hold secrets.</param>
/// <param name="Command">The command given with it, if any.</param>
internal sealed record LastDeploy(string Source, string? Command);
