namespace BlueGreen.Agent.Control.Contracts;

/// <summary>What pruning did.</summary>
/// <param name="Pruned">The releases that were deleted, ascending.</param>
/// <param name="Left">Those that are stored still, ascending.</param>
internal sealed record PruneReport(IReadOnlyList<int> Pruned, IReadOnlyList<int> Left);
