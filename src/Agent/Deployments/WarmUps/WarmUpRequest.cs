namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>A request that warms a worker up.</summary>
/// <param name="Method">GET or HEAD, which change nothing in an app that keeps to the rules (RFC 9110, 9.2.1).</param>
/// <param name="Target">Path, with a query where it has one.</param>
internal sealed record WarmUpRequest(string Method, string Target)
{
    /// <summary>
    /// Whether another answer than an allowed one refuses the release; else it is only counted. False for replayed paths, which may need
    /// what is not replayed with them, and wherever the release has served before.
    /// </summary>
    public bool MustSucceed { get; init; } = true;

    /// <summary>"GET /products".</summary>
    public override string ToString() => $"{Method} {Target}";
}
