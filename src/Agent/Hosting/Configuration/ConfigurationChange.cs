namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>What a reload means to people: short lines, none of which holds a value of <c>env</c> or a command.</summary>
/// <param name="Applied">What takes effect, each with when: <c>web: drain.requests 30s -> 10s (now)</c>.</param>
/// <param name="NeedsRestart">What a running front cannot change: <c>listen http://127.0.0.1:80 -> ...</c>.</param>
internal sealed record ConfigurationChange(IReadOnlyList<string> Applied, IReadOnlyList<string> NeedsRestart)
{
    /// <summary>The two configurations say the same.</summary>
    public bool IsEmpty => Applied.Count + NeedsRestart.Count == 0;
}
