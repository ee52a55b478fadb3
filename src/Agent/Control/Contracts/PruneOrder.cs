namespace BlueGreen.Agent.Control.Contracts;

/// <summary>The body of POST /v1/apps/APP/releases/prune.</summary>
internal sealed record PruneOrder
{
    /// <summary>How many of the newest releases stay: 1 to 1000. Default: the app's <c>keep.releases</c>.</summary>
    public int? Keep { get; init; }
}
