namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>A way to deploy.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="IsWarmed">Whether workers are warmed up.</param>
/// <param name="IsSlow">Whether there is a slow start.</param>
internal sealed record DeployMode(string Name, bool IsWarmed, bool IsSlow)
{
    /// <summary>What the others are compared with.</summary>
    public static readonly DeployMode Cold = new("as it is", false, false);

    /// <summary>All.</summary>
    public static IReadOnlyList<DeployMode> All { get; } =
        [Cold, new("warmup", true, false), new("slowStart", false, true), new("warmup and slowStart", true, true)];

    /// <summary>Keys of the app in the configuration.</summary>
    public string Configuration(int slowStartSeconds) =>
        $"{(IsWarmed ? "warmup: {requests: [GET /, 'GET /products?page=1', GET /products/1, 'GET /search?q=tag1'], rounds: 50}\n    " : "")}slowStart: {(IsSlow ? slowStartSeconds : 0)}s";
}
