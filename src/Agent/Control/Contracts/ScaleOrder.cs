namespace BlueGreen.Agent.Control.Contracts;

/// <summary>How many processes of some types are to run.</summary>
/// <param name="Types">The number by type; null: what the configuration says.</param>
internal sealed record ScaleOrder(IReadOnlyDictionary<string, int?> Types);
