namespace BlueGreen.Benchmarks.Running;

/// <summary>One measurement of one subject.</summary>
/// <param name="Round">The round; figures are compared within one only.</param>
/// <param name="Subject">What was measured.</param>
/// <param name="Figures">What came of it.</param>
internal sealed record Sample(int Round, string Subject, IReadOnlyDictionary<Figure, double> Figures);
