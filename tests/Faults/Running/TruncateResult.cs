namespace BlueGreen.Faults.Running;

/// <summary>What came of cutting state.json short.</summary>
/// <param name="Bytes">The size of the whole file.</param>
/// <param name="Tried">Positions tried.</param>
/// <param name="Problems">What is not as it must be.</param>
public sealed record TruncateResult(int Bytes, int Tried, IReadOnlyList<Problem> Problems);
