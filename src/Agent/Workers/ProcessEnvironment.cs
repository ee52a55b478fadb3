namespace BlueGreen.Agent.Workers;

/// <summary>The environment of a process that the front starts: the front's own without what is meant for the front alone, and what is added.</summary>
/// <param name="Whole">All of it.</param>
/// <param name="Changes">What differs from the front's own; a null value removes a variable.</param>
internal sealed record ProcessEnvironment(IReadOnlyDictionary<string, string> Whole, IReadOnlyDictionary<string, string?> Changes)
{
    /// <summary>Variables that would mislead whoever inherits them.</summary>
    private static readonly string[] FrontsOwn =
    [
        WorkerVariables.Socket, WorkerVariables.Task, WorkerVariables.Pid,
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
    ];

    /// <summary>Makes one.</summary>
    /// <param name="added">What is added.</param>
    /// <param name="removed">What is taken away besides, unless it is added.</param>
    public static ProcessEnvironment With(IReadOnlyDictionary<string, string> added, params IReadOnlyList<string> removed)
    {
        var changes = FrontsOwn.Concat(removed).Distinct().ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in added)
        {
            changes[name] = value;
        }

        var whole = new Dictionary<string, string>(added);
        foreach (System.Collections.DictionaryEntry inherited in Environment.GetEnvironmentVariables())
        {
            if (!changes.ContainsKey((string)inherited.Key))
            {
                whole.TryAdd((string)inherited.Key, (string?)inherited.Value ?? "");
            }
        }

        return new ProcessEnvironment(whole, changes);
    }
}
