namespace BlueGreen.Benchmarks.Running;

/// <summary>What the proxies stand before.</summary>
/// <param name="IsUnix">The app listens on a Unix socket, else on TCP.</param>
/// <param name="Apps">Apps in the table, told apart by their host names; with one, it takes all hosts.</param>
internal sealed record Topology(bool IsUnix = false, int Apps = 1)
{
    /// <summary>The host name that requests are for; it stands among the others, neither first nor last.</summary>
    public const string Host = "app-0.example";

    /// <summary>The names of the other apps, which get no request.</summary>
    public IEnumerable<string> Others => Enumerable.Range(1, Apps - 1).Select(number => $"app-{number}");
}
